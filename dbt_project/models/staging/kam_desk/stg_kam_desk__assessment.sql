{{ canonical_text(
    'assessment',
    source('raw_kam_desk', 'assessment'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
