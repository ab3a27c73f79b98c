with promised as (

    select
        group_id,
        source_system,
        promised_date,
        judged_date,
        count(*) as n_lines,
        count(*) filter (where is_otif) as n_otif_lines,
        max(newest_date) as newest_date
    from {{ ref('int_order_line__served') }}
    group by group_id, source_system, promised_date, judged_date

),

due as (

    select
        night.as_of_date,
        promised.*,
        undated.month is not null as is_left_out
    from promised
    inner join {{ source('control', 'night') }} as night
        on
            promised.promised_date > night.as_of_date - {{ threshold('health.components.otif.window_days') }}
            and promised.judged_date <= night.as_of_date
    left join {{ ref('int_source_month_night__undated') }} as undated
        on
            night.as_of_date = undated.as_of_date
            and promised.source_system = undated.source_system
            and date_trunc('month', promised.promised_date) = undated.month

)

select
    as_of_date,
    group_id,
    coalesce(sum(n_lines) filter (where not is_left_out), 0) as n_lines,
    coalesce(sum(n_otif_lines) filter (where not is_left_out), 0) as n_otif_lines,
    max(newest_date) filter (where not is_left_out) as newest_date,
    bool_and(is_left_out) as is_without_arrivals
from due
group by as_of_date, group_id
