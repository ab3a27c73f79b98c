select
    group_id,
    order_date,
    max(undone_date) as undone_date
from {{ ref('int_customer_day__ordered') }}
group by group_id, order_date
