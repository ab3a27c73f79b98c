{{ canonical_text(
    'account_team',
    source('raw_kam_desk', 'account_team'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
