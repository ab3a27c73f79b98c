{{ canonical_entity('environment_note') }}
