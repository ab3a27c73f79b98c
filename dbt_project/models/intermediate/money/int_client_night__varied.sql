with night as (

    {{ portfolio_nights() }}

),

measured as (

    select * from {{ ref('int_client_month__measured') }}
    where scope = 'company'

),

unshipped as (

    select *, 'contribution_t12m' as measure from {{ ref('int_client_night__unshipped') }}

),

client_month as (

    select
        night.as_of_date,
        client.group_id,
        kind.measure,
        cast(spine.month as date) as month
    from night
    cross join {{ ref('int_client__invoiced') }} as client
    cross join (select distinct measure from measured) as kind
    cross join unnest(generate_series(
        greatest(night.last_whole_month - interval 11 months, cast(client.first_revenue_month as timestamp)),
        cast(night.last_whole_month as timestamp),
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
            case
                when measured.month is null then 0
                else measured.value_rc - coalesce(unshipped.added_cost_rc, 0)
            end as double
        ) / coalesce(season.season_index, 1) as amount
    from client_month
    left join measured
        on client_month.group_id = measured.group_id
        and client_month.measure = measured.measure
        and client_month.month = measured.month
    left join unshipped
        on client_month.as_of_date = unshipped.as_of_date
        and client_month.measure = unshipped.measure
        and client_month.group_id = unshipped.group_id
        and client_month.month = unshipped.month
    left join {{ ref('int_month_night__indexed') }} as season
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
