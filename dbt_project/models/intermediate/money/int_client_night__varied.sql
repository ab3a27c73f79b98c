{%- set seasonal_min_months = threshold('concentration.seasonal_min_months') -%}
with night as (

    select
        as_of_date,
        case
            when is_month_end then cast(date_trunc('month', as_of_date) as date)
            else cast(date_trunc('month', as_of_date) - interval 1 month as date)
        end as last_whole_month
    from {{ source('control', 'night') }}
    where is_month_end or is_tonight

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
        sum(measured.value_rc) / (window_of.n_months / 12) as mean_rc
    from window_of
    inner join measured
        on measured.month <= window_of.last_whole_month
        and measured.month > window_of.last_whole_month - to_months(window_of.n_months)
    group by window_of.as_of_date, measured.measure, month(measured.month), window_of.n_months

),

season as (

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
        and count(*) over (partition by as_of_date, measure) = 12

),

client_month as (

    select
        window_of.as_of_date,
        client.group_id,
        kind.measure,
        cast(spine.month as date) as month
    from window_of
    cross join {{ ref('int_client__invoiced') }} as client
    cross join (select distinct measure from measured) as kind
    cross join unnest(generate_series(
        greatest(window_of.last_whole_month - interval 11 months, cast(client.first_revenue_month as timestamp)),
        cast(window_of.last_whole_month as timestamp),
        interval 1 month
    )) as spine(month)

),

adjusted as (

    select
        client_month.as_of_date,
        client_month.group_id,
        client_month.measure,
        client_month.month,
        cast(
            case when measured.month is null then 0 else measured.value_rc end as double
        ) / coalesce(season.season_index, 1) as amount
    from client_month
    left join measured
        on client_month.group_id = measured.group_id
        and client_month.measure = measured.measure
        and client_month.month = measured.month
    left join season
        on client_month.as_of_date = season.as_of_date
        and client_month.measure = season.measure
        and month(client_month.month) = season.calendar_month

),

averaged as (

    select
        as_of_date,
        group_id,
        measure,
        count(*) as n_months,
        list(amount order by month) as amounts,
        case when count(*) = count(amount) then sum(amount order by month) / count(*) end as mean_amount
    from adjusted
    group by as_of_date, group_id, measure

)

select
    as_of_date,
    group_id,
    measure,
    n_months,
    case
        when n_months >= {{ threshold('concentration.xyz_min_months') }} and mean_amount > 0
            then sqrt(
                list_sum(list_transform(amounts, lambda amount: (amount - mean_amount) ** 2)) / n_months
            ) / mean_amount
    end as variation_coefficient
from averaged
