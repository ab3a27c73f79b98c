{{ canonical_text('policy_exception', source('raw_canonical_csv', 'policy_exception')) }}
