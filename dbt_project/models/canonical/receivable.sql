{{ canonical_entity('receivable') }}
