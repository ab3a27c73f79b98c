{{ canonical_entity('assessment') }}
