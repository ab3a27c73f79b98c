{{ canonical_entity('manager_view') }}
