{{ canonical_text('receivable', source('raw_canonical_csv', 'receivable')) }}
