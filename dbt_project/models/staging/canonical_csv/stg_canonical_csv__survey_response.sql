{{ canonical_text('survey_response', source('raw_canonical_csv', 'survey_response')) }}
