{{ canonical_text('standard_cost', source('raw_canonical_csv', 'standard_cost')) }}
