{{ canonical_entity('promotion') }}
