{{ canonical_entity('sell_out') }}
