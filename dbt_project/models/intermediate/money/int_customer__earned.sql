with run as (

    select * from {{ source('control', 'run') }}

),

posted as (

    select customer_id, posting_date, net_amount_rc as amount_rc
    from {{ ref('int_invoice_line__attributed') }}
    union all
    select customer_id, posting_date, -amount_rc as amount_rc
    from {{ ref('int_customer_cost__attributed') }}
    where is_trade_spend

)

select
    posted.customer_id,
    {{ complete_sum('posted.amount_rc') }} as net_revenue_t12m_rc
from posted
inner join run on posted.posting_date between run.as_of_date - 364 and run.as_of_date
group by posted.customer_id
