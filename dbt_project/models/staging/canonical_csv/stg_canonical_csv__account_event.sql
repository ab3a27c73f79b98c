{{ canonical_text('account_event', source('raw_canonical_csv', 'account_event')) }}
