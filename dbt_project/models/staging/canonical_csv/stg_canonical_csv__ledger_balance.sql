{{ canonical_text('ledger_balance', source('raw_canonical_csv', 'ledger_balance')) }}
