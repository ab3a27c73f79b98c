{{ canonical_text(
    'policy_exception',
    source('raw_kam_desk', 'policy_exception'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
