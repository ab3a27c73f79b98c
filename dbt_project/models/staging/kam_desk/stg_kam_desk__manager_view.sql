{{ canonical_text(
    'manager_view',
    source('raw_kam_desk', 'manager_view'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
