{{ canonical_entity('account_plan') }}
