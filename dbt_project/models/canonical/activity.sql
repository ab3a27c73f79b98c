{{ canonical_entity('activity') }}
