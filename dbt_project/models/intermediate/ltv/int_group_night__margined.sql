with month as (

    select
        *,
        cast(contribution_rc as double) / nullif(cast(order_days as double), 0) as margin_per_order
    from {{ ref('int_group_month_night__margined') }}

),

mean as (

    select
        as_of_date,
        group_id,
        sum(order_days) as order_days,
        sum(contribution_rc) as contribution_rc,
        count(*) filter (where order_days > 0) as n_order_months,
        cast(sum(contribution_rc) filter (where order_days > 0) as double)
        / nullif(cast(sum(order_days) as double), 0) as ordered_margin
    from month
    group by as_of_date, group_id

),

spread as (

    select
        month.as_of_date,
        month.group_id,
        sum(
            month.order_days * (month.margin_per_order - mean.ordered_margin) ** 2
            order by month.month
        ) as within_square
    from month
    inner join mean
        on month.as_of_date = mean.as_of_date
        and month.group_id = mean.group_id
    where month.order_days > 0
    group by month.as_of_date, month.group_id

)

select
    mean.as_of_date,
    mean.group_id,
    cast(mean.order_days as bigint) as order_days,
    cast(mean.contribution_rc as decimal(18, 2)) as contribution_rc,
    cast(mean.n_order_months as bigint) as n_order_months,
    coalesce(spread.within_square, 0) as within_square
from mean
left join spread
    on mean.as_of_date = spread.as_of_date
    and mean.group_id = spread.group_id
