{{ canonical_text(
    'wallet_estimate',
    source('raw_kam_desk', 'wallet_estimate'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
