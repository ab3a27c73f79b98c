{{ canonical_entity('account_event') }}
