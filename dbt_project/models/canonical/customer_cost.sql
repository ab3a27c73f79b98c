{{ canonical_entity('customer_cost') }}
