with unit as (

    {{ odoo_unit(source('raw_odoo', 'uom_uom')) }}

)

select
    {{ odoo_id('product.id') }} as product_id,
    {{ odoo_name('template.name') }} as product_name,
    {{ odoo_name('category.name') }} as category,
    cast(null as varchar) as family,
    unit.name as unit,
    nullif({{ parsed_double('coalesce(product.weight, template.weight)') }}, 0) as weight_kg,
    cast(null as boolean) as is_revenue,
    {{ lineage('product_product', 'product') }},
    cast(null as varchar) as _reject
from {{ source('raw_odoo', 'product_product') }} as product
inner join {{ source('raw_odoo', 'product_template') }} as template
    on {{ odoo_text('product.product_tmpl_id') }} = {{ odoo_text('template.id') }}
left join {{ source('raw_odoo', 'product_category') }} as category
    on {{ odoo_text('template.categ_id') }} = {{ odoo_text('category.id') }}
left join unit on {{ odoo_text('template.uom_id') }} = unit.unit_id
where not product._is_deleted
