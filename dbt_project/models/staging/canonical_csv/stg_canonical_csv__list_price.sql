{{ canonical_text('list_price', source('raw_canonical_csv', 'list_price')) }}
