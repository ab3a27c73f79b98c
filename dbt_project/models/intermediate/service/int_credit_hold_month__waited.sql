with held as (

    select
        month.month,
        line.group_id,
        line.order_id,
        line.credit_hold_from_at,
        line.credit_hold_from_date,
        case
            when line.credit_hold_to_date <= month.last_date then line.credit_hold_to_at
            else {{ end_of_date('month.last_date') }}
        end as counted_to_at,
        case
            when line.credit_hold_to_date <= month.last_date then line.credit_hold_to_date
            else month.last_date + 1
        end as counted_to_date
    from {{ ref('int_order_line__grouped') }} as line
    inner join {{ ref('int_service_month__listed') }} as month
        on
            line.credit_hold_from_date <= month.last_date
            and coalesce(line.credit_hold_to_date >= month.month, true)

),

waited as (

    select
        held.month,
        held.group_id,
        held.order_id,
        max(
            {{ business_hours('held.credit_hold_from_at', 'from_day', 'held.counted_to_at', 'to_day') }}
        ) as hours
    from held
    left join {{ ref('int_business_day__counted') }} as from_day
        on held.credit_hold_from_date = from_day.calendar_date
    left join {{ ref('int_business_day__counted') }} as to_day
        on held.counted_to_date = to_day.calendar_date
    group by held.month, held.group_id, held.order_id

)

select
    month,
    group_id,
    median(hours) as hours
from waited
group by month, group_id
