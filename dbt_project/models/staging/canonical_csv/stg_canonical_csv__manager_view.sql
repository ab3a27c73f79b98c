{{ canonical_text('manager_view', source('raw_canonical_csv', 'manager_view')) }}
