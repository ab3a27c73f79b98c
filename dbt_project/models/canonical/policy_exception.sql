{{ canonical_entity('policy_exception') }}
