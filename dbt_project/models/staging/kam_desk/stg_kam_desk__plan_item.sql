{{ canonical_text(
    'plan_item',
    source('raw_kam_desk', 'plan_item'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
