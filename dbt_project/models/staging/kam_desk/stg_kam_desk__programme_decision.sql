{{ canonical_text(
    'programme_decision',
    source('raw_kam_desk', 'programme_decision'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
