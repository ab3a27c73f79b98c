with header as (

    select
        *,
        {{ parsed_date('ship_date') }} as shipped_date,
        {{ parsed_decimal('freight', type='decimal(18, 4)') }} as freight_amount
    from {{ source('raw_adventureworks', 'sales_order_header') }}
    where not _is_deleted

)

select
    {{ native_id('sales_order_id') }} || '#FREIGHT' as cost_id,
    'AW' as company_code,
    'freight' as cost_type,
    {{ native_id('customer_id') }} as customer_id,
    {{ native_id('sales_order_id') }} as document_id,
    cast(null as varchar) as product_id,
    cast(null as varchar) as promotion_id,
    shipped_date as posting_date,
    cast(round(freight_amount, 2) as decimal(18, 2)) as amount_base,
    {{ lineage('sales_order_header') }},
    {{ first_reject([
        ('ship_date', 'shipped_date', 'TYPE', 'posting_date'),
        ('freight', 'freight_amount', 'NUM_FORMAT', 'amount_base'),
    ]) }} as _reject
from header
