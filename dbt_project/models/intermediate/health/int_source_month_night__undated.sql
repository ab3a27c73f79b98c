with counted as (

    select
        night.as_of_date,
        shipped.source_system,
        shipped.month,
        sum(shipped.n_lines) as n_lines,
        coalesce(
            sum(shipped.n_lines) filter (where shipped.delivered_date <= night.as_of_date), 0
        ) as n_dated_lines
    from {{ ref('int_source_month__shipped') }} as shipped
    inner join {{ source('control', 'night') }} as night
        on
            last_day(shipped.month) <= night.as_of_date
            and last_day(shipped.month)
            > night.as_of_date - {{ threshold('health.components.otif.window_days') }}
    group by night.as_of_date, shipped.source_system, shipped.month

)

select
    as_of_date,
    source_system,
    month
from counted
where n_dated_lines < cast({{ threshold('otif.min_delivered_date_share') }} as decimal(5, 4)) * n_lines
