{{ canonical_text('period_close', source('raw_canonical_csv', 'period_close')) }}
