with cutoff as (

    select * from {{ ref('int_cutoff__listed') }}

),

customer as (

    select
        grouped.group_id,
        grouped.account_key as customer_id,
        nullif(trim(customer.channel), '') as channel
    from {{ ref('int_account__grouped') }} as grouped
    left join {{ ref('customer') }} as customer on grouped.account_key = customer.customer_id
    where grouped.account_kind = 'erp_customer'

),

posted as (

    select customer_id, posting_date, net_amount_rc as net_revenue_rc
    from {{ ref('int_invoice_line__attributed') }}
    where group_id <> 'INTERCOMPANY'
    union all
    select customer_id, posting_date, -amount_rc as net_revenue_rc
    from {{ ref('int_customer_cost__attributed') }}
    where is_trade_spend and customer_id is not null

),

daily as (

    select customer_id, posting_date, sum(net_revenue_rc) as net_revenue_rc
    from posted
    group by customer_id, posting_date

),

windowed as (

    select
        cutoff.cutoff_date,
        daily.customer_id,
        sum(daily.net_revenue_rc) as net_revenue_rc
    from daily
    inner join cutoff
        on daily.posting_date <= cutoff.cutoff_date
        and daily.posting_date > cutoff.cutoff_date - 365
    group by cutoff.cutoff_date, daily.customer_id

),

largest as (

    select
        cutoff.cutoff_date,
        customer.group_id,
        customer.customer_id,
        customer.channel
    from cutoff
    cross join customer
    left join windowed
        on cutoff.cutoff_date = windowed.cutoff_date
        and customer.customer_id = windowed.customer_id
    qualify row_number() over (
        partition by cutoff.cutoff_date, customer.group_id
        order by coalesce(windowed.net_revenue_rc, 0) desc nulls last, customer.customer_id nulls last
    ) = 1

)

select
    cutoff_date,
    group_id,
    customer_id as largest_customer_id,
    coalesce(channel, 'company') as fit_segment
from largest
