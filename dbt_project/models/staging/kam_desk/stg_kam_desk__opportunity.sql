{{ canonical_text(
    'opportunity',
    source('raw_kam_desk', 'opportunity'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
