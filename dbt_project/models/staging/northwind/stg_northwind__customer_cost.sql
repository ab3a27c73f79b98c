select
    {{ native_id('order_id') }} as cost_id,
    'NORTHWIND' as company_code,
    'freight' as cost_type,
    {{ native_id('customer_id') }} as customer_id,
    {{ native_id('order_id') }} as document_id,
    cast(null as varchar) as product_id,
    cast(null as varchar) as promotion_id,
    {{ parsed_iso_date('shipped_date') }} as posting_date,
    {{ parsed_decimal('freight') }} as amount_base,
    {{ lineage('orders') }},
    {{ first_reject([
        ('shipped_date', parsed_iso_date('shipped_date'), 'TYPE', 'posting_date'),
        ('freight', parsed_decimal('freight'), 'NUM_FORMAT', 'amount_base'),
    ]) }} as _reject
from {{ source('raw_northwind', 'orders') }}
where not _is_deleted and {{ text('shipped_date') }} is not null
