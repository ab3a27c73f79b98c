with wanted as (

    select month, group_id from {{ ref('int_group_month__sized') }}
    where is_small
    union
    select month, group_id from {{ ref('int_group_category__joined') }}

),

customer as (

    select
        customer_id,
        group_id,
        upper(region) as region_key,
        min(upper(region)) over (partition by group_id)
        <> max(upper(region)) over (partition by group_id) as is_spread
    from {{ ref('int_customer__grouped') }}

),

posted as (

    select customer_id, month, net_amount_rc as net_revenue_rc
    from {{ ref('int_invoice_line__attributed') }}
    where group_id <> 'INTERCOMPANY'
    union all
    select customer_id, month, -amount_rc as net_revenue_rc
    from {{ ref('int_customer_cost__attributed') }}
    where is_trade_spend

),

monthly as (

    select
        posted.customer_id,
        posted.month,
        sum(posted.net_revenue_rc) as net_revenue_rc
    from posted
    inner join customer on posted.customer_id = customer.customer_id and customer.is_spread
    group by posted.customer_id, posted.month

),

windowed as (

    select
        wanted.month,
        wanted.group_id,
        customer.customer_id,
        customer.region_key,
        coalesce(sum(monthly.net_revenue_rc), 0) as net_revenue_rc
    from wanted
    inner join customer on wanted.group_id = customer.group_id and customer.is_spread
    left join monthly
        on
            customer.customer_id = monthly.customer_id
            and monthly.month between wanted.month - interval 11 months and wanted.month
    group by all

),

largest as (

    select month, group_id, region_key
    from windowed
    qualify row_number() over (
        partition by month, group_id order by net_revenue_rc desc nulls last, customer_id nulls last
    ) = 1

),

settled as (

    select distinct group_id, region_key from customer
    where not is_spread

)

select month, group_id, region_key from largest
where region_key <> 'UNKNOWN'
union all
select
    wanted.month,
    wanted.group_id,
    settled.region_key
from wanted
inner join settled on wanted.group_id = settled.group_id
where settled.region_key <> 'UNKNOWN'
