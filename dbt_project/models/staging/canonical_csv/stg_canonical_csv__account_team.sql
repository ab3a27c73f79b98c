{{ canonical_text('account_team', source('raw_canonical_csv', 'account_team')) }}
