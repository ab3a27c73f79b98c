{{ canonical_text('assessment', source('raw_canonical_csv', 'assessment')) }}
