{{ canonical_text('person_assessment', source('raw_canonical_csv', 'person_assessment')) }}
