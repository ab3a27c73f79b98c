{{ canonical_entity('wallet_estimate') }}
