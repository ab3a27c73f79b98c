{{ canonical_text(
    'segment_override',
    source('raw_kam_desk', 'segment_override'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
