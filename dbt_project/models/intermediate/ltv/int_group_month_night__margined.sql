{%- set window_months = threshold('ltv.margin.window_months') %}
with night as (

    select
        as_of_date,
        cast(
            date_trunc('month', as_of_date) - to_months({{ window_months - 1 }}) as date
        ) as first_month
    from {{ source('control', 'night') }}

),

contribution as (

    select * from {{ ref('int_group_month__contributed') }}

),

supplied as (

    select coalesce(bool_or(contribution_rc is not null), false) as has_contribution
    from contribution

),

earned as (

    select
        night.as_of_date,
        contribution.group_id,
        contribution.month,
        contribution.contribution_rc
    from night
    inner join contribution
        on contribution.month between night.first_month and night.as_of_date

),

ordered as (

    select
        night.as_of_date,
        order_day.group_id,
        cast(date_trunc('month', order_day.order_date) as date) as month,
        count(*) as order_days
    from night
    inner join {{ ref('int_order_day__counted') }} as order_day
        on order_day.order_date between night.first_month and night.as_of_date
        and order_day.undone_date > night.as_of_date
    cross join supplied
    where supplied.has_contribution
    group by night.as_of_date, order_day.group_id, date_trunc('month', order_day.order_date)

)

-- A month whose contribution is unknown is left out with its orders; one without any posting earned 0.
select
    coalesce(earned.as_of_date, ordered.as_of_date) as as_of_date,
    coalesce(earned.group_id, ordered.group_id) as group_id,
    coalesce(earned.month, ordered.month) as month,
    coalesce(ordered.order_days, 0) as order_days,
    cast(coalesce(earned.contribution_rc, 0) as decimal(18, 2)) as contribution_rc
from earned
full outer join ordered
    on earned.as_of_date = ordered.as_of_date
    and earned.group_id = ordered.group_id
    and earned.month = ordered.month
where earned.month is null or earned.contribution_rc is not null
