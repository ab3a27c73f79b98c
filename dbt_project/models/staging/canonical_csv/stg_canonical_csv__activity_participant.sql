{{ canonical_text('activity_participant', source('raw_canonical_csv', 'activity_participant')) }}
