{{ canonical_text(
    'contact',
    source('raw_kam_desk', 'contact'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
