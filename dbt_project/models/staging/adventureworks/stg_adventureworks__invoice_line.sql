with header as (

    select
        *,
        {{ parsed_date('ship_date') }} as shipped_date
    from {{ source('raw_adventureworks', 'sales_order_header') }}
    where not _is_deleted

),

line as (

    select
        *,
        {{ parsed_decimal('order_qty', type='decimal(18, 4)') }} as pieces,
        {{ parsed_decimal('unit_price', type='decimal(18, 6)') }} as price,
        {{ parsed_decimal('percentage_discount', type='decimal(9, 6)') }} as reduction
    from {{ source('raw_adventureworks', 'sales_order_detail') }}
    where not _is_deleted

)

-- An order is billed when it leaves.
select
    {{ native_id('line.sales_order_id') }} as document_id,
    {{ text('line.sales_order_detail_id') }} as line_id,
    'AW' as company_code,
    'INVOICE' as document_type,
    header.shipped_date as posting_date,
    {{ native_id('header.customer_id') }} as customer_id,
    {{ native_id('line.product_id') }} as product_id,
    {{ native_id('line.sales_order_id') }} as order_id,
    {{ text('line.sales_order_detail_id') }} as order_line_id,
    line.pieces as quantity,
    line.price as list_unit_price,
    cast(round(cast(line.price as decimal(38, 6)) * line.pieces * line.reduction, 2) as decimal(18, 2)) as discount_amount,
    {{ reduced_amount() }} as net_amount,
    'USD' as currency,
    {{ reduced_amount() }} as net_amount_base,
    cast(null as decimal(18, 2)) as tax_amount_base,
    cast(null as varchar) as gl_account,
    cast(null as varchar) as origin_document_id,
    cast(null as varchar) as origin_line_id,
    cast(null as varchar) as cancels_document_id,
    cast(null as varchar) as cancels_line_id,
    cast(null as boolean) as is_restocked,
    cast(null as varchar) as reason,
    cast(null as varchar) as sales_rep_id,
    {{ lineage('sales_order_detail', 'line') }},
    case when header.sales_order_id is null then 'MISSING:posting_date' else
        {{ first_reject([
            ('header.ship_date', 'header.shipped_date', 'TYPE', 'posting_date'),
            ('line.order_qty', 'line.pieces', 'NUM_FORMAT', 'quantity'),
            ('line.unit_price', 'line.price', 'NUM_FORMAT', 'net_amount'),
            ('line.percentage_discount', 'line.reduction', 'NUM_FORMAT', 'net_amount'),
        ]) }}
    end as _reject
from line
left join header on line.sales_order_id = header.sales_order_id
