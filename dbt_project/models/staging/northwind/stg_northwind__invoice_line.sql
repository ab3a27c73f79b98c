with shipped as (

    select *, {{ parsed_iso_date('shipped_date') }} as posting_date
    from {{ source('raw_northwind', 'orders') }}
    where not _is_deleted and {{ text('shipped_date') }} is not null

),

line as (

    select
        *,
        {{ parsed_decimal('unit_price', type='decimal(18, 6)') }} as price,
        {{ parsed_decimal('quantity', type='decimal(18, 4)') }} as pieces,
        {{ parsed_decimal('discount', type='decimal(18, 6)') }} as reduction
    from {{ source('raw_northwind', 'order_details') }}
    where not _is_deleted

),

priced as (

    select
        line.*,
        shipped.posting_date,
        shipped.shipped_date,
        shipped.customer_id,
        shipped.employee_id,
        {{ reduced_amount() }} as net_amount,
        {{ reduced_amount(reduction='0') }} as gross_amount
    from line
    inner join shipped on line.order_id = shipped.order_id

)

select
    {{ native_id('order_id') }} as document_id,
    product_id as line_id,
    'NORTHWIND' as company_code,
    'INVOICE' as document_type,
    posting_date,
    {{ native_id('customer_id') }} as customer_id,
    {{ native_id('product_id') }} as product_id,
    {{ native_id('order_id') }} as order_id,
    product_id as order_line_id,
    pieces as quantity,
    price as list_unit_price,
    gross_amount - net_amount as discount_amount,
    net_amount,
    'USD' as currency,
    net_amount as net_amount_base,
    cast(null as decimal(18, 2)) as tax_amount_base,
    cast(null as varchar) as gl_account,
    cast(null as varchar) as origin_document_id,
    cast(null as varchar) as origin_line_id,
    cast(null as varchar) as cancels_document_id,
    cast(null as varchar) as cancels_line_id,
    cast(null as boolean) as is_restocked,
    cast(null as varchar) as reason,
    {{ native_id('employee_id') }} as sales_rep_id,
    {{ lineage('order_details') }},
    {{ first_reject([
        ('shipped_date', 'posting_date', 'TYPE', 'posting_date'),
        ('unit_price', 'price', 'NUM_FORMAT', 'net_amount'),
        ('quantity', 'pieces', 'NUM_FORMAT', 'quantity'),
        ('discount', 'reduction', 'NUM_FORMAT', 'discount_amount'),
    ]) }} as _reject
from priced
