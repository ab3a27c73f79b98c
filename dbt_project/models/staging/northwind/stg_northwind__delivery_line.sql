with shipped as (

    select *, {{ parsed_iso_date('shipped_date') }} as day
    from {{ source('raw_northwind', 'orders') }}
    where not _is_deleted and {{ text('shipped_date') }} is not null

),

line as (

    select *, {{ parsed_decimal('quantity', type='decimal(18, 4)') }} as pieces
    from {{ source('raw_northwind', 'order_details') }}
    where not _is_deleted

)

select
    {{ native_id('line.order_id') }} as delivery_id,
    line.product_id as delivery_line_id,
    'NORTHWIND' as company_code,
    {{ native_id('line.order_id') }} as order_id,
    line.product_id as order_line_id,
    cast(null as date) as ready_date,
    shipped.day as shipped_date,
    cast(null as date) as delivered_date,
    line.pieces as quantity,
    {{ lineage('order_details', 'line') }},
    {{ first_reject([
        ('shipped.shipped_date', 'shipped.day', 'TYPE', 'shipped_date'),
        ('line.quantity', 'line.pieces', 'NUM_FORMAT', 'quantity'),
    ]) }} as _reject
from line
inner join shipped on line.order_id = shipped.order_id
