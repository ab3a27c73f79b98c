with ordered as (

    select
        *,
        {{ parsed_iso_date('order_date') }} as ordered_date,
        {{ parsed_iso_date('required_date') }} as requested_date
    from {{ source('raw_northwind', 'orders') }}
    where not _is_deleted

),

line as (

    select
        *,
        {{ parsed_decimal('unit_price', type='decimal(18, 6)') }} as price,
        {{ parsed_decimal('quantity', type='decimal(18, 4)') }} as pieces,
        {{ parsed_decimal('discount', type='decimal(18, 6)') }} as reduction
    from {{ source('raw_northwind', 'order_details') }}
    where not _is_deleted

)

select
    {{ native_id('line.order_id') }} as order_id,
    line.product_id as order_line_id,
    {{ native_id('ordered.customer_id') }} as customer_id,
    {{ native_id('line.product_id') }} as product_id,
    ordered.ordered_date,
    ordered.requested_date as first_requested_date,
    ordered.requested_date as promised_date,
    line.pieces as quantity,
    {{ reduced_amount() }} as net_amount_base,
    'NORTHWIND' as company_code,
    cast(null as decimal(18, 4)) as cancelled_quantity,
    cast(null as varchar) as cancelled_by,
    cast(null as timestamp) as credit_hold_from_at,
    cast(null as timestamp) as credit_hold_to_at,
    cast(null as date) as planned_ship_date,
    {{ lineage('order_details', 'line') }},
    {{ first_reject([
        ('ordered.order_date', 'ordered.ordered_date', 'TYPE', 'ordered_date'),
        ('ordered.required_date', 'ordered.requested_date', 'TYPE', 'first_requested_date'),
        ('line.quantity', 'line.pieces', 'NUM_FORMAT', 'quantity'),
    ]) }} as _reject
from line
left join ordered on line.order_id = ordered.order_id
