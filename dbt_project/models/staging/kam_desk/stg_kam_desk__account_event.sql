{{ canonical_text(
    'account_event',
    source('raw_kam_desk', 'account_event'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
