{{ canonical_text('wallet_estimate', source('raw_canonical_csv', 'wallet_estimate')) }}
