{{ canonical_entity('company') }}
