with unit as (

    {{ odoo_unit(source('raw_odoo', 'uom_uom')) }}

),

product as (

    {{ odoo_product(source('raw_odoo', 'product_product'), source('raw_odoo', 'product_template')) }}

),

partner as (

    {{ odoo_partner(source('raw_odoo', 'res_partner')) }}

),

line as (

    select
        item.*,
        {{ parsed_decimal('item.product_uom_qty', type='decimal(18, 6)') }} as ordered_quantity,
        {{ parsed_decimal('item.price_subtotal') }} as subtotal
    from {{ source('raw_odoo', 'sale_order_line') }} as item
    where not item._is_deleted and {{ odoo_text('item.display_type') }} is null

)

select
    {{ odoo_id('line.order_id') }} as order_id,
    {{ odoo_text('line.id') }} as order_line_id,
    {{ odoo_id('coalesce(partner.client_id, sale.partner_id)') }} as customer_id,
    {{ odoo_id('line.product_id') }} as product_id,
    {{ odoo_local_date('sale.date_order') }} as ordered_date,
    cast(null as date) as first_requested_date,
    {{ odoo_local_date('sale.commitment_date') }} as promised_date,
    {{ odoo_quantity('line.ordered_quantity', 'sold_unit.factor', 'own_unit.factor') }} as quantity,
    -- The database keeps no amount of an order in the currency of the books.
    case when {{ odoo_text('sale.currency_id') }} = {{ odoo_text('company.currency_id') }} then line.subtotal end
        as net_amount_base,
    {{ odoo_text('sale.company_id') }} as company_code,
    cast(null as decimal(18, 4)) as cancelled_quantity,
    cast(null as varchar) as cancelled_by,
    cast(null as timestamp) as credit_hold_from_at,
    cast(null as timestamp) as credit_hold_to_at,
    cast(null as date) as planned_ship_date,
    {{ lineage('sale_order_line', 'line') }},
    {{ first_reject([
        ('sale.date_order', odoo_local_date('sale.date_order'), 'TYPE', 'ordered_date'),
        (odoo_text('sale.commitment_date'), odoo_local_date('sale.commitment_date'), 'TYPE', 'promised_date'),
        ('line.product_uom_qty', 'line.ordered_quantity', 'NUM_FORMAT', 'quantity'),
        ('line.price_subtotal', 'line.subtotal', 'NUM_FORMAT', 'net_amount_base'),
    ]) }} as _reject
from line
inner join {{ source('raw_odoo', 'sale_order') }} as sale on {{ odoo_text('line.order_id') }} = {{ odoo_text('sale.id') }}
left join {{ source('raw_odoo', 'res_company') }} as company
    on {{ odoo_text('sale.company_id') }} = {{ odoo_text('company.id') }}
left join partner on {{ odoo_text('sale.partner_id') }} = partner.partner_id
left join product on {{ odoo_text('line.product_id') }} = product.product_id
left join unit as own_unit on product.unit_id = own_unit.unit_id
left join unit as sold_unit on {{ odoo_text('line.product_uom') }} = sold_unit.unit_id
where not sale._is_deleted and trim(sale.state) in ('sale', 'done')
