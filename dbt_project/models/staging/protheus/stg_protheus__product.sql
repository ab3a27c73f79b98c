with category as (

    select
        trim(BM_GRUPO) as code,
        max({{ text('BM_DESC') }}) as category
    from {{ source('raw_protheus', 'sbm010') }}
    where not _is_deleted
    group by all

)

select
    {{ native_id('product.B1_COD') }} as product_id,
    {{ text('product.B1_DESC') }} as product_name,
    coalesce(category.category, {{ text('product.B1_GRUPO') }}) as category,
    {{ text('product.B1_XFAMIL') }} as family,
    {{ text('product.B1_UM') }} as unit,
    {{ protheus_decimal('product.B1_PESO', 'decimal(18, 6)') }} as weight_kg,
    coalesce(trim(product.B1_TIPO) <> 'SV', true) as is_revenue,
    {{ lineage('SB1010', 'product') }},
    {{ first_reject([('product.B1_PESO', 'weight_kg', 'NUM_FORMAT', 'weight_kg')]) }} as _reject
from {{ source('raw_protheus', 'sb1010') }} as product
left join category on trim(product.B1_GRUPO) = category.code
where not product._is_deleted
