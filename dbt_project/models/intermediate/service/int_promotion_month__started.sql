with customer as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'erp_customer'

)

select
    coalesce(customer.group_id, 'UNMAPPED') as group_id,
    cast(date_trunc('month', promotion.planned_start_date) as date) as month,
    count(*) as promotions_due,
    count(*) filter (
        where promotion.actual_start_date <= promotion.planned_start_date
    ) as promotions_on_time
from {{ ref('promotion') }} as promotion
inner join {{ source('control', 'run') }} as run on promotion.planned_start_date <= run.as_of_date
left join customer on promotion.customer_id = customer.account_key
group by 1, 2
