{{ canonical_entity('account_team') }}
