{{ canonical_text(
    'promotion',
    source('raw_kam_desk', 'promotion'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
