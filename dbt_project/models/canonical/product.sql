{{ canonical_entity('product') }}
