{{ canonical_entity('account') }}
