{{ canonical_text('customer_cost', source('raw_canonical_csv', 'customer_cost')) }}
