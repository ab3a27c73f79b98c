{{ canonical_entity('ledger_balance') }}
