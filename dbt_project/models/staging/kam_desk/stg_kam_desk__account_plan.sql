{{ canonical_text(
    'account_plan',
    source('raw_kam_desk', 'account_plan'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
