with telling as (

    select distinct delivery_line.source_system
    from {{ ref('delivery_line') }} as delivery_line
    inner join {{ source('control', 'run') }} as run on delivery_line.ready_date <= run.as_of_date

)

select
    cast(date_trunc('month', line.planned_ship_date) as date) as month,
    line.group_id,
    count(telling.source_system) as n_lines,
    count(telling.source_system) filter (
        where delivered.ready_date <= line.planned_ship_date
    ) as n_ready_lines
from {{ ref('int_order_line__grouped') }} as line
left join telling on line.source_system = telling.source_system
left join {{ ref('int_order_line__delivered') }} as delivered
    on
        line.order_id = delivered.order_id
        and line.order_line_id = delivered.order_line_id
where line.planned_ship_date is not null and line.ordered_quantity > 0
group by 1, 2
