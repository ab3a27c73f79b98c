with category as (

    select
        trim(subcategory.product_subcategory_id) as subcategory_id,
        max({{ text('subcategory.product_subcategory') }}) as family,
        max({{ text('category.product_category') }}) as category
    from {{ source('raw_adventureworks', 'product_subcategory') }} as subcategory
    left join {{ source('raw_adventureworks', 'product_category') }} as category
        on trim(subcategory.product_category_id) = trim(category.product_category_id)
    group by trim(subcategory.product_subcategory_id)

)

select
    {{ native_id('product.product_id') }} as product_id,
    {{ text('product.product') }} as product_name,
    category.category,
    category.family,
    'piece' as unit,
    cast(null as double) as weight_kg,
    cast(null as boolean) as is_revenue,
    {{ lineage('product', 'product') }},
    cast(null as varchar) as _reject
from {{ source('raw_adventureworks', 'product') }} as product
left join category on trim(product.product_subcategory_id) = category.subcategory_id
where not product._is_deleted
