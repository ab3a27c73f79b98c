{{ canonical_entity('period_close') }}
