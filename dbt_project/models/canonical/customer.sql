{{ canonical_entity('customer') }}
