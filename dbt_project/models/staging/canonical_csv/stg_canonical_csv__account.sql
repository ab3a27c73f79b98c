{{ canonical_text('account', source('raw_canonical_csv', 'account')) }}
