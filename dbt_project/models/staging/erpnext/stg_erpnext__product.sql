with item as (

    select
        *,
        {{ erpnext_filled('weight_per_unit') }} as weight
    from {{ source('raw_erpnext', 'item') }}
    where not _is_deleted

)

select
    {{ native_id('name') }} as product_id,
    coalesce({{ text('item_name') }}, {{ text('name') }}) as product_name,
    {{ text('item_group') }} as category,
    {{ text('brand') }} as family,
    {{ text('stock_uom') }} as unit,
    cast(weight * case lower(trim(weight_uom))
        when 'kg' then 1 when 'gram' then 0.001 when 'tonne' then 1000 when 'pound' then 0.45359237
    end as double) as weight_kg,
    cast(null as boolean) as is_revenue,
    {{ lineage('item') }},
    case
        when {{ text('weight_per_unit') }} is not null and {{ parsed_decimal('weight_per_unit') }} is null
            then 'NUM_FORMAT:weight_kg'
    end as _reject
from item
