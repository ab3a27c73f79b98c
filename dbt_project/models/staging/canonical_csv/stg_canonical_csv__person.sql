{{ canonical_text('person', source('raw_canonical_csv', 'person')) }}
