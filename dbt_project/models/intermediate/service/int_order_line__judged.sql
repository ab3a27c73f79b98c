with run as (

    select * from {{ source('control', 'run') }}

),

line as (

    select * from {{ ref('int_order_line__grouped') }}

),

due as (

    select
        served.*,
        run.as_of_date,
        cast(date_trunc('month', served.promised_date) as date) as month,
        undated.month is not null as is_left_out,
        coalesce(delivered.delivered_quantity, 0) as delivered_quantity,
        coalesce(delivered.shipped_quantity, 0) as shipped_quantity,
        coalesce(delivered.delivered_date > served.judged_date, delivered.delivered_date is null) as is_late,
        delivered.last_ready_date,
        delivered.last_shipped_date
    from {{ ref('int_order_line__served') }} as served
    inner join run on served.judged_date <= run.as_of_date
    left join {{ ref('int_order_line__delivered') }} as delivered
        on
            served.order_id = delivered.order_id
            and served.order_line_id = delivered.order_line_id
    left join {{ ref('int_source_month__undated') }} as undated
        on
            served.source_system = undated.source_system
            and date_trunc('month', served.promised_date) = undated.month

)

select
    due.order_id,
    due.order_line_id,
    due.group_id,
    due.month,
    due.is_left_out,
    due.is_otif,
    coalesce(due.judged_requested_date <= due.as_of_date, false) as is_requested,
    due.is_otif_requested,
    due.is_late,
    due.delivered_quantity
    < cast({{ threshold('otif.in_full_tol') }} as decimal(5, 4)) * due.ordered_quantity as is_short,
    case
        when not due.is_late then null
        when
            line.planned_ship_date >= line.credit_hold_from_date
            and line.planned_ship_date <= least(coalesce(line.credit_hold_to_date, due.as_of_date), due.as_of_date)
            then 'finance'
        when due.last_ready_date > line.planned_ship_date then 'production'
        when due.last_ready_date <= line.planned_ship_date then 'logistics'
        when due.last_shipped_date <= line.planned_ship_date then 'logistics'
        else 'unknown'
    end as late_cause,
    due.ordered_quantity,
    least(
        due.ordered_quantity,
        case when due.is_left_out then due.shipped_quantity else due.delivered_quantity end
    ) as filled_quantity
from due
inner join line
    on
        due.order_id = line.order_id
        and due.order_line_id = line.order_line_id
