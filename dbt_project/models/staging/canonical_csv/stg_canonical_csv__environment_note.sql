{{ canonical_text('environment_note', source('raw_canonical_csv', 'environment_note')) }}
