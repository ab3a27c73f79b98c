{{ canonical_entity('case') }}
