{{ canonical_text('order_line', source('raw_canonical_csv', 'order_line')) }}
