{{ canonical_text('company', source('raw_canonical_csv', 'company')) }}
