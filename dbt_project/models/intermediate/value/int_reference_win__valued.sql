-- The lifetime value is the one published on or before the last day of the month of the win, or the night of the run.
with won as (

    select
        referred.*,
        cast(date_trunc('month', referred.won_date) as date) as month,
        least(last_day(referred.won_date), run.as_of_date) as last_date
    from {{ ref('int_opportunity__referred') }} as referred
    cross join {{ source('control', 'run') }} as run
    where referred.won_date is not null

),

ltv as (

    select
        as_of_date,
        group_id,
        ltv_mean_rc
    from {{ ref('account_ltv') }}
    where horizon_months = 36

),

valued as (

    select
        won.*,
        greatest(0, won.won_date - won.created_date) / 365.25 as years,
        ltv.ltv_mean_rc,
        won.last_date < (select min(begun.as_of_date) from ltv as begun) as is_before_history
    from won
    asof left join ltv on won.won_group_id = ltv.group_id and won.last_date >= ltv.as_of_date

)

select
    opportunity_id,
    group_id,
    month,
    coalesce(is_before_history, true) as is_before_history,
    case
        when created_date is not null and ltv_mean_rc is not null
            then cast(round(
                reference_influence * cast(case when ltv_mean_rc > 0 then ltv_mean_rc else 0 end as double)
                / pow(1 + {{ threshold('ltv.annual_rate') }}, years), 2
            ) as decimal(18, 2))
    end as value_rc
from valued
