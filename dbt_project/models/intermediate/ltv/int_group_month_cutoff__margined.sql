{%- set window_months = threshold('ltv.margin.window_months') %}
with cutoff as (

    select
        cutoff_date,
        cast(
            date_trunc('month', cutoff_date) - to_months({{ window_months - 1 }}) as date
        ) as first_month
    from {{ ref('int_cutoff__listed') }}

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
        cutoff.cutoff_date,
        contribution.group_id,
        contribution.month,
        contribution.contribution_rc
    from cutoff
    inner join contribution
        on contribution.month between cutoff.first_month and cutoff.cutoff_date

),

ordered as (

    select
        cutoff.cutoff_date,
        order_day.group_id,
        cast(date_trunc('month', order_day.order_date) as date) as month,
        count(*) as order_days
    from cutoff
    inner join {{ ref('int_order_day__counted') }} as order_day
        on order_day.order_date between cutoff.first_month and cutoff.cutoff_date
        and order_day.undone_date > cutoff.cutoff_date
    cross join supplied
    where supplied.has_contribution
    group by cutoff.cutoff_date, order_day.group_id, date_trunc('month', order_day.order_date)

)

-- A month whose contribution is unknown is left out with its orders; one without any posting earned 0.
select
    coalesce(earned.cutoff_date, ordered.cutoff_date) as cutoff_date,
    coalesce(earned.group_id, ordered.group_id) as group_id,
    coalesce(earned.month, ordered.month) as month,
    coalesce(ordered.order_days, 0) as order_days,
    cast(coalesce(earned.contribution_rc, 0) as decimal(18, 2)) as contribution_rc
from earned
full outer join ordered
    on earned.cutoff_date = ordered.cutoff_date
    and earned.group_id = ordered.group_id
    and earned.month = ordered.month
where earned.month is null or earned.contribution_rc is not null
