with sales_order as (

    select
        *,
        {{ text('name') }} as document_name,
        {{ parsed_iso_date('transaction_date') }} as ordered_date
    from {{ source('raw_erpnext', 'sales_order') }}

),

line as (

    select
        item.*,
        sales_order.document_name,
        sales_order.docstatus as order_state,
        sales_order.ordered_date,
        sales_order.transaction_date,
        sales_order.customer,
        sales_order.company,
        trim(sales_order.status) = 'Closed' as is_closed,
        coalesce({{ text('item.delivery_date') }}, {{ text('sales_order.delivery_date') }}) as native_promised_date,
        coalesce({{ erpnext_filled('item.conversion_factor') }}, 1) as factor,
        {{ parsed_decimal('item.qty', type='decimal(18, 6)') }} as sold_quantity,
        {{ parsed_decimal('item.delivered_qty', type='decimal(18, 6)') }} as sent_quantity,
        {{ parsed_decimal('item.base_net_amount') }} as amount_base
    from {{ source('raw_erpnext', 'sales_order_item') }} as item
    left join sales_order on {{ text('item.parent') }} = sales_order.document_name
    where
        not item._is_deleted
        and not coalesce(sales_order._is_deleted, false)
        and {{ erpnext_is_submitted('sales_order.docstatus') }}

)

select
    {{ native_id('parent') }} as order_id,
    {{ text('name') }} as order_line_id,
    {{ native_id('customer') }} as customer_id,
    {{ native_id('item_code') }} as product_id,
    ordered_date,
    cast(null as date) as first_requested_date,
    {{ parsed_iso_date('native_promised_date') }} as promised_date,
    cast(sold_quantity * factor as decimal(18, 4)) as quantity,
    amount_base as net_amount_base,
    {{ text('company') }} as company_code,
    cast(case
        when is_closed then greatest(0, sold_quantity - coalesce(sent_quantity, 0)) * factor
        else 0
    end as decimal(18, 4)) as cancelled_quantity,
    cast(null as varchar) as cancelled_by,
    cast(null as timestamp) as credit_hold_from_at,
    cast(null as timestamp) as credit_hold_to_at,
    cast(null as date) as planned_ship_date,
    {{ lineage('sales_order_item') }},
    coalesce(
        case when document_name is null then 'MISSING:customer_id' end,
        {{ erpnext_state_reject('order_state', 'order_id') }},
        {{ first_reject([
            ('transaction_date', 'ordered_date', 'TYPE', 'ordered_date'),
            ('native_promised_date', 'promised_date', 'TYPE', 'promised_date'),
            ('qty', 'sold_quantity', 'NUM_FORMAT', 'quantity'),
            ('delivered_qty', 'sent_quantity', 'NUM_FORMAT', 'cancelled_quantity'),
            ('base_net_amount', 'amount_base', 'NUM_FORMAT', 'net_amount_base'),
        ]) }}
    ) as _reject
from line
