{{ canonical_text('delivery_line', source('raw_canonical_csv', 'delivery_line')) }}
