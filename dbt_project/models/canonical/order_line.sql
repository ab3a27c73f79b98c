{{ canonical_entity('order_line') }}
