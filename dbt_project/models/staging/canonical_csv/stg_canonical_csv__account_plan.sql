{{ canonical_text('account_plan', source('raw_canonical_csv', 'account_plan')) }}
