{{ canonical_entity('standard_cost') }}
