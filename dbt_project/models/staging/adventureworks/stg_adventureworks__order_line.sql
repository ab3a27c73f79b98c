with header as (

    select
        *,
        {{ parsed_date('order_date') }} as ordered_date,
        {{ parsed_date('due_date') }} as promised_date
    from {{ source('raw_adventureworks', 'sales_order_header') }}
    where not _is_deleted

),

line as (

    select
        *,
        {{ parsed_decimal('order_qty', type='decimal(18, 4)') }} as pieces
    from {{ source('raw_adventureworks', 'sales_order_detail') }}
    where not _is_deleted

)

select
    {{ native_id('line.sales_order_id') }} as order_id,
    {{ text('line.sales_order_detail_id') }} as order_line_id,
    {{ native_id('header.customer_id') }} as customer_id,
    {{ native_id('line.product_id') }} as product_id,
    header.ordered_date,
    cast(null as date) as first_requested_date,
    header.promised_date,
    line.pieces as quantity,
    cast(null as decimal(18, 2)) as net_amount_base,
    'AW' as company_code,
    cast(null as decimal(18, 4)) as cancelled_quantity,
    cast(null as varchar) as cancelled_by,
    cast(null as timestamp) as credit_hold_from_at,
    cast(null as timestamp) as credit_hold_to_at,
    cast(null as date) as planned_ship_date,
    {{ lineage('sales_order_detail', 'line') }},
    case when header.sales_order_id is null then 'MISSING:ordered_date' else
        {{ first_reject([
            ('header.order_date', 'header.ordered_date', 'TYPE', 'ordered_date'),
            ('header.due_date', 'header.promised_date', 'TYPE', 'promised_date'),
            ('line.order_qty', 'line.pieces', 'NUM_FORMAT', 'quantity'),
        ]) }}
    end as _reject
from line
left join header on line.sales_order_id = header.sales_order_id
