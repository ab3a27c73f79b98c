{{ canonical_entity('survey_response') }}
