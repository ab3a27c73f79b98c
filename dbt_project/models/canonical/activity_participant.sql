{{ canonical_entity('activity_participant') }}
