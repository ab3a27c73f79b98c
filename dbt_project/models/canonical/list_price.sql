{{ canonical_entity('list_price') }}
