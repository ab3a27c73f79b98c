{{ canonical_text('customer', source('raw_canonical_csv', 'customer')) }}
