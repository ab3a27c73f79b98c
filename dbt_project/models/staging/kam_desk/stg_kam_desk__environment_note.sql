{{ canonical_text(
    'environment_note',
    source('raw_kam_desk', 'environment_note'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
