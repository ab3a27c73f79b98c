{%- set seasonal_min_months = threshold('concentration.seasonal_min_months') -%}
with night as (

    {{ portfolio_nights() }}

),

measured as (

    select * from {{ ref('int_client_month__measured') }}
    where scope = 'company'

),

delivered as (

    select min(month) as first_month from {{ ref('int_invoice_line__attributed') }}

),

-- Two or three whole years, so that every calendar month counts as often.
window_of as (

    select
        night.as_of_date,
        night.last_whole_month,
        case
            when date_diff('month', delivered.first_month, night.last_whole_month) + 1 >= {{ seasonal_min_months + 12 }}
                then {{ seasonal_min_months + 12 }}
            when date_diff('month', delivered.first_month, night.last_whole_month) + 1 >= {{ seasonal_min_months }}
                then {{ seasonal_min_months }}
        end as n_months
    from night
    cross join delivered

),

calendar_month as (

    select
        window_of.as_of_date,
        measured.measure,
        month(measured.month) as calendar_month,
        {{ complete_sum('measured.value_rc - coalesce(unshipped.added_cost_rc, 0)') }}
        / (window_of.n_months / 12) as mean_rc
    from window_of
    inner join measured
        on measured.month <= window_of.last_whole_month
        and measured.month > window_of.last_whole_month - to_months(window_of.n_months)
    left join {{ ref('int_client_night__unshipped') }} as unshipped
        on measured.measure = 'contribution_t12m'
        and window_of.as_of_date = unshipped.as_of_date
        and measured.group_id = unshipped.group_id
        and measured.month = unshipped.month
    group by window_of.as_of_date, measured.measure, month(measured.month), window_of.n_months

)

select
    as_of_date,
    measure,
    calendar_month,
    mean_rc / (sum(mean_rc) over in_order / 12) as season_index
from calendar_month
window in_order as (
    partition by as_of_date, measure order by calendar_month nulls last
    rows between unbounded preceding and unbounded following
)
qualify
    min(mean_rc) over (partition by as_of_date, measure) > 0
    and count(mean_rc) over (partition by as_of_date, measure) = 12
