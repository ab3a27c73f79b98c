{{ canonical_text('activity', source('raw_canonical_csv', 'activity')) }}
