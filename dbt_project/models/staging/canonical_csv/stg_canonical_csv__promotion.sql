{{ canonical_text('promotion', source('raw_canonical_csv', 'promotion')) }}
