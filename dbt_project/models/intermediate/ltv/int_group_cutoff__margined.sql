with month as (

    select
        margined.*,
        cast(margined.contribution_rc as double) / nullif(cast(margined.order_days as double), 0)
            as margin_per_order,
        coalesce(margined.month > date_trunc('month', started.first_order_date), false) as is_repeat
    from {{ ref('int_group_month_cutoff__margined') }} as margined
    left join {{ ref('int_group_cutoff__started') }} as started
        on margined.cutoff_date = started.cutoff_date
        and margined.group_id = started.group_id

),

mean as (

    select
        cutoff_date,
        group_id,
        sum(order_days) as order_days,
        sum(contribution_rc) as contribution_rc,
        sum(order_days) filter (where is_repeat) as repeat_days,
        sum(contribution_rc) filter (where is_repeat) as repeat_contribution_rc,
        count(*) filter (where order_days > 0) as n_order_months,
        cast(sum(contribution_rc) filter (where order_days > 0) as double)
        / nullif(cast(sum(order_days) as double), 0) as ordered_margin
    from month
    group by cutoff_date, group_id

),

spread as (

    select
        month.cutoff_date,
        month.group_id,
        sum(
            month.order_days * (month.margin_per_order - mean.ordered_margin) ** 2
            order by month.month
        ) as within_square
    from month
    inner join mean
        on month.cutoff_date = mean.cutoff_date
        and month.group_id = mean.group_id
    where month.order_days > 0
    group by month.cutoff_date, month.group_id

)

select
    mean.cutoff_date,
    mean.group_id,
    cast(mean.order_days as bigint) as order_days,
    cast(mean.contribution_rc as decimal(18, 2)) as contribution_rc,
    cast(coalesce(mean.repeat_days, 0) as bigint) as repeat_days,
    cast(coalesce(mean.repeat_contribution_rc, 0) as decimal(18, 2)) as repeat_contribution_rc,
    cast(mean.n_order_months as bigint) as n_order_months,
    coalesce(spread.within_square, 0) as within_square
from mean
left join spread
    on mean.cutoff_date = spread.cutoff_date
    and mean.group_id = spread.group_id
