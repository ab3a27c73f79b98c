{{ canonical_text('exchange_rate', source('raw_canonical_csv', 'exchange_rate')) }}
