with category as (

    select category_id, max({{ text('category_name') }}) as category_name
    from {{ source('raw_northwind', 'categories') }}
    where not _is_deleted
    group by category_id

)

select
    {{ native_id('product.product_id') }} as product_id,
    {{ text('product.product_name') }} as product_name,
    category.category_name as category,
    cast(null as varchar) as family,
    cast(null as varchar) as unit,
    cast(null as double) as weight_kg,
    cast(null as boolean) as is_revenue,
    {{ lineage('products', 'product') }},
    cast(null as varchar) as _reject
from {{ source('raw_northwind', 'products') }} as product
left join category on product.category_id = category.category_id
where not product._is_deleted
