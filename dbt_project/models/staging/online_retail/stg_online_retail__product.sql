with line as (

    select
        *,
        upper(trim(StockCode)) as code
    from {{ source('raw_online_retail', 'online_retail') }}
    where not _is_deleted

),

counted as (

    select
        *,
        count(*) over (partition by code, {{ text('Description') }}) as n_lines
    from line

)

select
    {{ native_id('code') }} as product_id,
    coalesce({{ text('Description') }}, code) as product_name,
    cast(null as varchar) as category,
    cast(null as varchar) as family,
    cast(null as varchar) as unit,
    cast(null as double) as weight_kg,
    {{ online_retail_is_product('code') }} as is_revenue,
    {{ lineage('online_retail') }},
    cast(null as varchar) as _reject
from counted
qualify
    row_number() over (
        partition by code
        order by
            {{ text('Description') }} is null,
            n_lines desc nulls last,
            {{ text('Description') }} nulls last,
            _file_row nulls last
    ) = 1
