{{ canonical_text('receipt', source('raw_canonical_csv', 'receipt')) }}
