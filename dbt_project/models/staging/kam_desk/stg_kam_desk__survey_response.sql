{{ canonical_text(
    'survey_response',
    source('raw_kam_desk', 'survey_response'),
    yes=['true', 'yes', 'sim', 's', '1'],
    no=['false', 'no', 'não', 'nao', 'n', '0']
) }}
