with unit as (

    {{ odoo_unit(source('raw_odoo', 'uom_uom')) }}

),

product as (

    {{ odoo_product(source('raw_odoo', 'product_product'), source('raw_odoo', 'product_template')) }}

),

moved as (

    select
        *,
        coalesce({{ odoo_text('quantity') }}, {{ odoo_text('quantity_done') }}, {{ odoo_text('product_uom_qty') }}) as native_quantity,
        {{ parsed_decimal('native_quantity', type='decimal(18, 6)') }} as sent_quantity
    from {{ source('raw_odoo', 'stock_move') }}
    where not _is_deleted and trim(state) = 'done' and {{ odoo_text('sale_line_id') }} is not null

)

select
    {{ odoo_id('moved.picking_id') }} as delivery_id,
    {{ odoo_text('moved.id') }} as delivery_line_id,
    {{ odoo_text('picking.company_id') }} as company_code,
    {{ odoo_id('line.order_id') }} as order_id,
    {{ odoo_text('moved.sale_line_id') }} as order_line_id,
    cast(null as date) as ready_date,
    {{ odoo_local_date('picking.date_done') }} as shipped_date,
    cast(null as date) as delivered_date,
    {{ odoo_quantity('moved.sent_quantity', 'sold_unit.factor', 'own_unit.factor') }} as quantity,
    {{ lineage('stock_move', 'moved') }},
    {{ first_reject([
        ('picking.date_done', odoo_local_date('picking.date_done'), 'TYPE', 'shipped_date'),
        ('moved.native_quantity', 'moved.sent_quantity', 'NUM_FORMAT', 'quantity'),
    ]) }} as _reject
from moved
inner join {{ source('raw_odoo', 'stock_picking') }} as picking
    on {{ odoo_text('moved.picking_id') }} = {{ odoo_text('picking.id') }}
inner join {{ source('raw_odoo', 'stock_picking_type') }} as kind
    on {{ odoo_text('picking.picking_type_id') }} = {{ odoo_text('kind.id') }}
left join {{ source('raw_odoo', 'sale_order_line') }} as line
    on {{ odoo_text('moved.sale_line_id') }} = {{ odoo_text('line.id') }}
left join product on {{ odoo_text('moved.product_id') }} = product.product_id
left join unit as own_unit on product.unit_id = own_unit.unit_id
left join unit as sold_unit on {{ odoo_text('moved.product_uom') }} = sold_unit.unit_id
where not picking._is_deleted and trim(kind.code) = 'outgoing'
