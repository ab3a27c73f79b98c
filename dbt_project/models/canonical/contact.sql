{{ canonical_entity('contact') }}
