{{ canonical_text('sell_out', source('raw_canonical_csv', 'sell_out')) }}
