with summary as (

    select * from {{ ref('int_group_cutoff__summarised') }}
    where window_months > 0

),

client as (

    select * from {{ ref('ltv_input_night') }}
    where status not in ('PSEUDO', 'PROSPECT')

),

actual as (

    select
        summary.as_of_date,
        summary.group_id,
        count(*) as n_orders
    from summary
    inner join {{ ref('int_order_day__counted') }} as order_day
        on summary.group_id = order_day.group_id
        and order_day.order_date > summary.cutoff_date
        and order_day.order_date <= summary.as_of_date
        and order_day.undone_date > summary.as_of_date
    group by summary.as_of_date, summary.group_id

)

select
    summary.as_of_date,
    summary.group_id,
    client.fit_segment,
    summary.window_months,
    summary.cutoff_date,
    summary.as_of_date - summary.cutoff_date as window_days,
    summary.is_in_fit,
    summary.n_orders,
    summary.n_orders - 1 as n_repeats,
    summary.last_order_date - summary.first_order_date as repeat_days,
    summary.cutoff_date - summary.first_order_date as observed_days,
    coalesce(actual.n_orders, 0) as actual_orders
from summary
inner join client
    on summary.as_of_date = client.as_of_date
    and summary.group_id = client.group_id
left join actual
    on summary.as_of_date = actual.as_of_date
    and summary.group_id = actual.group_id
