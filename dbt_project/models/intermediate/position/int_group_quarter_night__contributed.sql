with grown as (

    select
        night.as_of_date,
        grown.*,
        cast(grown.quarter - interval 1 year as date) as before_from_date,
        last_day(cast(grown.quarter - interval 10 months as date)) as before_to_date
    from {{ ref('int_portfolio_night__windowed') }} as night
    inner join {{ ref('int_group_quarter__grown') }} as grown
        on grown.last_date <= night.as_of_date

),

-- What each night knew: shipments of later days are taken back.
summed as (

    select
        grown.as_of_date,
        grown.quarter,
        grown.group_id,
        month.month >= grown.quarter as is_current,
        {{ complete_sum('month.contribution_rc - coalesce(unshipped.added_cost_rc, 0)') }} as contribution_rc
    from grown
    inner join {{ ref('int_group_month__contributed') }} as month
        on
            grown.group_id = month.group_id
            and (
                month.month between grown.quarter and grown.last_date
                or month.month between grown.before_from_date and grown.before_to_date
            )
    left join {{ ref('int_client_night__unshipped') }} as unshipped
        on
            grown.as_of_date = unshipped.as_of_date
            and month.group_id = unshipped.group_id
            and month.month = unshipped.month
    group by grown.as_of_date, grown.quarter, grown.group_id, is_current

)

select
    grown.as_of_date,
    grown.quarter,
    grown.last_date,
    grown.group_id,
    grown.client_sell_out_growth,
    grown.before_from_date,
    case when this_year.group_id is null then 0 else this_year.contribution_rc end as current_rc,
    case when year_before.group_id is null then 0 else year_before.contribution_rc end as before_rc
from grown
left join summed as this_year
    on
        grown.as_of_date = this_year.as_of_date
        and grown.quarter = this_year.quarter
        and grown.group_id = this_year.group_id
        and this_year.is_current
left join summed as year_before
    on
        grown.as_of_date = year_before.as_of_date
        and grown.quarter = year_before.quarter
        and grown.group_id = year_before.group_id
        and not year_before.is_current
