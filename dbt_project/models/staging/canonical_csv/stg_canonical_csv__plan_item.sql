{{ canonical_text('plan_item', source('raw_canonical_csv', 'plan_item')) }}
