with order_line as (

    select
        *,
        quantity - case
            when cancelled_by = 'client' then coalesce(cancelled_quantity, 0)
            else 0
        end as ordered_quantity
    from {{ ref('order_line') }}
    where promised_date is not null

),

customer as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'erp_customer'

),

delivered as (

    select
        order_line.order_id,
        order_line.order_line_id,
        sum(delivery_line.quantity) as delivered_quantity,
        max(delivery_line.delivered_date) as delivered_date
    from {{ ref('delivery_line') }} as delivery_line
    inner join order_line
        on
            delivery_line.order_id = order_line.order_id
            and delivery_line.order_line_id = order_line.order_line_id
            and delivery_line.delivered_date between
                order_line.promised_date - {{ threshold('otif.early_tol_days') }}
                and order_line.promised_date + {{ threshold('otif.late_tol_days') }}
    group by order_line.order_id, order_line.order_line_id

)

select
    order_line.order_id,
    order_line.order_line_id,
    order_line.source_system,
    customer.group_id,
    order_line.promised_date,
    order_line.promised_date + {{ threshold('otif.late_tol_days') }} as judged_date,
    coalesce(
        delivered.delivered_quantity
        >= cast({{ threshold('otif.in_full_tol') }} as decimal(5, 4)) * order_line.ordered_quantity,
        false
    ) as is_otif,
    greatest(order_line.promised_date, delivered.delivered_date) as newest_date
from order_line
inner join customer on order_line.customer_id = customer.account_key
left join delivered
    on
        order_line.order_id = delivered.order_id
        and order_line.order_line_id = delivered.order_line_id
where order_line.ordered_quantity > 0
