{{ canonical_entity('delivery_line') }}
