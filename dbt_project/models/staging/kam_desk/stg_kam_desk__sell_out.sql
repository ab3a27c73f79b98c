{{ canonical_text(
    'sell_out',
    source('raw_kam_desk', 'sell_out'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
