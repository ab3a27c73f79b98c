{{ canonical_text('opportunity', source('raw_canonical_csv', 'opportunity')) }}
