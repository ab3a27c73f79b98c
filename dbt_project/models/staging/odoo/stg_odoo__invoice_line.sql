with move as (

    select
        *,
        {{ odoo_text('id') }} as move_id,
        coalesce({{ odoo_text('date') }}, {{ odoo_text('invoice_date') }}) as native_date,
        {{ odoo_date("coalesce(nullif(date, 'False'), invoice_date)") }} as booked_date,
        case when trim(move_type) = 'out_refund' then -1 else 1 end as sign
    from {{ source('raw_odoo', 'account_move') }}
    where
        not _is_deleted
        and trim(move_type) in ('out_invoice', 'out_refund', 'out_receipt')
        and trim(state) = 'posted'

),

unit as (

    {{ odoo_unit(source('raw_odoo', 'uom_uom')) }}

),

product as (

    {{ odoo_product(source('raw_odoo', 'product_product'), source('raw_odoo', 'product_template')) }}

),

-- One invoice line may bill several order lines; the first one stands for them.
ordered as (

    select
        {{ odoo_text('rel.invoice_line_id') }} as line_id,
        min_by({{ odoo_text('rel.order_line_id') }}, {{ parsed_integer('rel.order_line_id') }}) as order_line_id,
        min_by({{ odoo_text('line.order_id') }}, {{ parsed_integer('rel.order_line_id') }}) as order_id
    from {{ source('raw_odoo', 'sale_order_line_invoice_rel') }} as rel
    left join {{ source('raw_odoo', 'sale_order_line') }} as line
        on {{ odoo_text('rel.order_line_id') }} = {{ odoo_text('line.id') }}
    where not rel._is_deleted
    group by {{ odoo_text('rel.invoice_line_id') }}

),

-- Until version 15 the lines of an invoice are those that are not left out of its tab; later they say what they are.
line as (

    select
        item.*,
        {{ odoo_text('item.id') }} as line_number,
        {{ parsed_decimal('item.quantity', type='decimal(18, 6)') }} as sold_quantity,
        {{ parsed_decimal('item.price_unit', type='decimal(18, 6)') }} as price,
        {{ parsed_decimal('item.price_subtotal') }} as subtotal,
        {{ parsed_decimal('item.balance') }} as booked
    from {{ source('raw_odoo', 'account_move_line') }} as item
    where
        not item._is_deleted
        and coalesce({{ odoo_text('item.display_type') }}, 'product') = 'product'
        and not coalesce({{ odoo_flag('item.exclude_from_invoice_tab') }}, false)
        and coalesce({{ odoo_text('item.display_type') }}, {{ odoo_text('item.exclude_from_invoice_tab') }}, item.exclude_from_invoice_tab)
            is not null

),

typed as (

    select
        line.*,
        move.booked_date,
        move.native_date,
        move.sign,
        coalesce({{ odoo_text('move.commercial_partner_id') }}, {{ odoo_text('move.partner_id') }}) as client_number,
        move.reversed_entry_id,
        move.invoice_user_id,
        coalesce({{ odoo_text('line.currency_id') }}, {{ odoo_text('move.currency_id') }}) as currency_number,
        coalesce({{ odoo_text('line.company_id') }}, {{ odoo_text('move.company_id') }}) as company_number,
        trim(move.move_type) || case when move.sign * line.booked > 0 then ':deduction' else '' end as native_type
    from line
    inner join move on {{ odoo_text('line.move_id') }} = move.move_id

)

select
    {{ odoo_id('typed.move_id') }} as document_id,
    typed.line_number as line_id,
    typed.company_number as company_code,
    document_type_map.document_type,
    typed.booked_date as posting_date,
    {{ odoo_id('typed.client_number') }} as customer_id,
    {{ odoo_id('typed.product_id') }} as product_id,
    {{ odoo_id('ordered.order_id') }} as order_id,
    ordered.order_line_id,
    {{ odoo_quantity('typed.sign * typed.sold_quantity', 'sold_unit.factor', 'own_unit.factor') }} as quantity,
    cast(typed.price / coalesce(cast(own_unit.factor as double) / nullif(cast(sold_unit.factor as double), 0), 1) as decimal(18, 6))
        as list_unit_price,
    cast(round(
        cast(typed.price as decimal(38, 6)) * typed.sold_quantity
        * coalesce({{ parsed_decimal('typed.discount', type='decimal(9, 4)') }}, 0) / 100, 2
    ) * typed.sign as decimal(18, 2)) as discount_amount,
    cast(typed.sign * typed.subtotal as decimal(18, 2)) as net_amount,
    {{ odoo_text('currency.name') }} as currency,
    cast(-typed.booked as decimal(18, 2)) as net_amount_base,
    cast(null as decimal(18, 2)) as tax_amount_base,
    {{ odoo_text('account.code') }} as gl_account,
    {{ odoo_id('typed.reversed_entry_id') }} as origin_document_id,
    cast(null as varchar) as origin_line_id,
    cast(null as varchar) as cancels_document_id,
    cast(null as varchar) as cancels_line_id,
    cast(null as boolean) as is_restocked,
    cast(null as varchar) as reason,
    {{ odoo_id('typed.invoice_user_id') }} as sales_rep_id,
    {{ lineage('account_move_line', 'typed') }},
    case when document_type_map.document_type is null then 'UNKNOWN_TYPE:document_type' else
        {{ first_reject([
            ('typed.native_date', 'typed.booked_date', 'TYPE', 'posting_date'),
            ('typed.quantity', 'typed.sold_quantity', 'NUM_FORMAT', 'quantity'),
            ('typed.price_subtotal', 'typed.subtotal', 'NUM_FORMAT', 'net_amount'),
            ('typed.balance', 'typed.booked', 'NUM_FORMAT', 'net_amount_base'),
        ]) }}
    end as _reject
from typed
left join {{ source('raw_odoo', 'res_currency') }} as currency on typed.currency_number = {{ odoo_text('currency.id') }}
left join {{ source('raw_odoo', 'account_account') }} as account
    on {{ odoo_text('typed.account_id') }} = {{ odoo_text('account.id') }}
left join ordered on typed.line_number = ordered.line_id
left join product on {{ odoo_text('typed.product_id') }} = product.product_id
left join unit as own_unit on product.unit_id = own_unit.unit_id
left join unit as sold_unit on {{ odoo_text('typed.product_uom_id') }} = sold_unit.unit_id
left join {{ source('config', 'document_type_map') }} as document_type_map
    on typed.native_type = document_type_map.native_type
    and document_type_map.source_system = '{{ source_system() }}'
