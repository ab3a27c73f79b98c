with noted as (

    select
        item.parent,
        item.name,
        item.against_sales_order as sales_order,
        item.so_detail,
        item.qty,
        item.conversion_factor,
        note.company,
        note.posting_date,
        note.docstatus,
        {{ lineage('delivery_note_item', 'item') }}
    from {{ source('raw_erpnext', 'delivery_note_item') }} as item
    inner join {{ source('raw_erpnext', 'delivery_note') }} as note on {{ text('item.parent') }} = {{ text('note.name') }}
    where not item._is_deleted and not note._is_deleted and not {{ erpnext_check('note.is_return') }}

),

-- An invoice may move the stock itself; then there is no delivery note.
invoiced as (

    select
        item.parent,
        item.name,
        item.sales_order,
        item.so_detail,
        item.qty,
        item.conversion_factor,
        invoice.company,
        invoice.posting_date,
        invoice.docstatus,
        {{ lineage('sales_invoice_item', 'item') }}
    from {{ source('raw_erpnext', 'sales_invoice_item') }} as item
    inner join {{ source('raw_erpnext', 'sales_invoice') }} as invoice on {{ text('item.parent') }} = {{ text('invoice.name') }}
    where
        not item._is_deleted
        and not invoice._is_deleted
        and {{ erpnext_check('invoice.update_stock') }}
        and not {{ erpnext_check('invoice.is_return') }}

),

line as (

    select
        *,
        {{ parsed_iso_date('posting_date') }} as shipped_date,
        {{ parsed_decimal('qty', type='decimal(18, 6)') }} as sent_quantity
    from (
        select * from noted
        union all by name
        select * from invoiced
    )
    where {{ erpnext_is_submitted('docstatus') }} and {{ text('sales_order') }} is not null

)

select
    {{ native_id('parent') }} as delivery_id,
    {{ text('name') }} as delivery_line_id,
    {{ text('company') }} as company_code,
    {{ native_id('sales_order') }} as order_id,
    {{ text('so_detail') }} as order_line_id,
    cast(null as date) as ready_date,
    shipped_date,
    cast(null as date) as delivered_date,
    cast(sent_quantity * coalesce({{ erpnext_filled('conversion_factor') }}, 1) as decimal(18, 4)) as quantity,
    _extract_name,
    _delivery_id,
    _file_row,
    _extract_date,
    coalesce(
        {{ erpnext_state_reject('docstatus', 'delivery_id') }},
        {{ first_reject([
            ('posting_date', 'shipped_date', 'TYPE', 'shipped_date'),
            ('qty', 'sent_quantity', 'NUM_FORMAT', 'quantity'),
        ]) }}
    ) as _reject
from line
