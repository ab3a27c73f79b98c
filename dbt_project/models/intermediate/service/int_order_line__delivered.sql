with run as (

    select * from {{ source('control', 'run') }}

),

-- A date after the night has not been: what it dates is not known yet.
known as (

    select
        delivery_line.* replace (
            case when delivery_line.ready_date <= run.as_of_date then delivery_line.ready_date end as ready_date,
            case when delivery_line.shipped_date <= run.as_of_date then delivery_line.shipped_date end
                as shipped_date,
            case when delivery_line.delivered_date <= run.as_of_date then delivery_line.delivered_date end
                as delivered_date
        )
    from {{ ref('delivery_line') }} as delivery_line
    cross join run

),

ranked as (

    select
        *,
        row_number() over (
            partition by order_id, order_line_id
            order by
                delivered_date desc nulls last,
                shipped_date desc nulls last,
                ready_date desc nulls last,
                delivery_id nulls last,
                delivery_line_id nulls last
        ) as delivery_rank
    from known
    where order_id is not null and order_line_id is not null

)

select
    order_id,
    order_line_id,
    coalesce(sum(quantity) filter (where delivered_date is not null), 0) as delivered_quantity,
    coalesce(sum(quantity) filter (where shipped_date is not null), 0) as shipped_quantity,
    max(delivered_date) as delivered_date,
    max(ready_date) as ready_date,
    max(ready_date) filter (where delivery_rank = 1) as last_ready_date,
    max(shipped_date) filter (where delivery_rank = 1) as last_shipped_date
from ranked
group by order_id, order_line_id
