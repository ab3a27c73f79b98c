{{ canonical_entity('receipt') }}
