{{ canonical_text(
    'person_assessment',
    source('raw_kam_desk', 'person_assessment'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
