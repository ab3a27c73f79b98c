{{ canonical_text('invoice_line', source('raw_canonical_csv', 'invoice_line')) }}
