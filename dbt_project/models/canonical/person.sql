{{ canonical_entity('person') }}
