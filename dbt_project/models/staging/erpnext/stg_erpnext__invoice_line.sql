with invoice as (

    select
        *,
        {{ text('name') }} as document_name,
        {{ erpnext_invoice_type('sales_invoice') }} as native_type,
        {{ parsed_iso_date('posting_date') }} as booked_date
    from {{ source('raw_erpnext', 'sales_invoice') }} as sales_invoice

),

-- Opening invoices bring what clients owed from the system before: no sale of this one.
line as (

    select
        item.*,
        invoice.document_name,
        invoice.native_type,
        invoice.booked_date,
        invoice.posting_date,
        invoice.docstatus as invoice_state,
        invoice.company,
        invoice.customer,
        invoice.currency,
        invoice.return_against,
        {{ erpnext_check('invoice.is_return') }} as is_returned,
        {{ erpnext_check('invoice.update_stock') }} as moves_stock,
        coalesce({{ erpnext_filled('item.conversion_factor') }}, 1) as factor,
        {{ parsed_decimal('item.qty', type='decimal(18, 6)') }} as sold_quantity,
        {{ parsed_decimal('item.net_amount') }} as amount,
        {{ parsed_decimal('item.base_net_amount') }} as amount_base,
        {{ parsed_decimal('item.discount_amount', type='decimal(18, 6)') }} as unit_discount
    from {{ source('raw_erpnext', 'sales_invoice_item') }} as item
    left join invoice on {{ text('item.parent') }} = invoice.document_name
    where
        not item._is_deleted
        and not coalesce(invoice._is_deleted, false)
        and {{ erpnext_is_submitted('invoice.docstatus') }}
        and coalesce(lower(trim(invoice.is_opening)), 'no') <> 'yes'

)

select
    {{ native_id('line.parent') }} as document_id,
    {{ text('line.name') }} as line_id,
    {{ text('line.company') }} as company_code,
    document_type_map.document_type,
    line.booked_date as posting_date,
    {{ native_id('line.customer') }} as customer_id,
    {{ native_id('line.item_code') }} as product_id,
    {{ native_id('line.sales_order') }} as order_id,
    {{ text('line.so_detail') }} as order_line_id,
    cast(line.sold_quantity * line.factor as decimal(18, 4)) as quantity,
    cast({{ erpnext_filled('line.price_list_rate') }} / line.factor as decimal(18, 6)) as list_unit_price,
    cast(line.unit_discount * line.sold_quantity as decimal(18, 2)) as discount_amount,
    line.amount as net_amount,
    {{ text('line.currency') }} as currency,
    line.amount_base as net_amount_base,
    cast(null as decimal(18, 2)) as tax_amount_base,
    {{ text('line.income_account') }} as gl_account,
    {{ native_id('line.return_against') }} as origin_document_id,
    case when {{ text('line.return_against') }} is not null then {{ text('line.sales_invoice_item') }} end
        as origin_line_id,
    cast(null as varchar) as cancels_document_id,
    cast(null as varchar) as cancels_line_id,
    case when line.is_returned then line.moves_stock end as is_restocked,
    cast(null as varchar) as reason,
    cast(null as varchar) as sales_rep_id,
    {{ lineage('sales_invoice_item', 'line') }},
    case
        when line.document_name is null then 'MISSING:company_code'
        when {{ parsed_integer('line.invoice_state') }} is distinct from 1 then 'TYPE:document_type'
        when document_type_map.document_type is null then 'UNKNOWN_TYPE:document_type'
        when line.is_returned and line.sold_quantity > 0 then 'SIGN:quantity'
        when line.is_returned and line.amount_base > 0 then 'SIGN:net_amount'
        else
            {{ first_reject([
                ('line.posting_date', 'line.booked_date', 'TYPE', 'posting_date'),
                ('line.qty', 'line.sold_quantity', 'NUM_FORMAT', 'quantity'),
                ('line.net_amount', 'line.amount', 'NUM_FORMAT', 'net_amount'),
                ('line.base_net_amount', 'line.amount_base', 'NUM_FORMAT', 'net_amount_base'),
                ('line.discount_amount', 'line.unit_discount', 'NUM_FORMAT', 'discount_amount'),
            ]) }}
    end as _reject
from line
left join {{ source('config', 'document_type_map') }} as document_type_map
    on line.native_type = document_type_map.native_type
    and document_type_map.source_system = '{{ source_system() }}'
