{{ canonical_entity('plan_item') }}
