{{ canonical_text('contact', source('raw_canonical_csv', 'contact')) }}
