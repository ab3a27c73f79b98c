{{ canonical_entity('exchange_rate') }}
