with customer as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'erp_customer'

)

select
    line.order_id,
    line.order_line_id,
    line.source_system,
    coalesce(customer.group_id, 'UNMAPPED') as group_id,
    line.first_requested_date,
    line.promised_date,
    line.planned_ship_date,
    line.quantity - case
        when line.cancelled_by = 'client' then coalesce(line.cancelled_quantity, 0)
        else 0
    end as ordered_quantity,
    line.credit_hold_from_at,
    line.credit_hold_to_at,
    {{ local_date('line.credit_hold_from_at') }} as credit_hold_from_date,
    {{ local_date('line.credit_hold_to_at') }} as credit_hold_to_date
from {{ ref('order_line') }} as line
left join customer on line.customer_id = customer.account_key
