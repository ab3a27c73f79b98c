{{ canonical_text('product', source('raw_canonical_csv', 'product')) }}
