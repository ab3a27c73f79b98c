with run as (

    select * from {{ source('control', 'run') }}

),

product as (

    select
        product_id,
        cast(weight_kg as decimal(18, 6)) as weight_kg,
        avg(cast(weight_kg as decimal(18, 6))) over (partition by nullif(trim(family), '')) as family_weight_kg,
        avg(cast(weight_kg as decimal(18, 6))) over () as mean_weight_kg,
        nullif(trim(family), '') as family
    from {{ ref('product') }}

),

order_line as (

    select order_id, order_line_id, customer_id, product_id from {{ ref('order_line') }}

),

ordering_customer as (

    select order_id, min(customer_id) as customer_id from order_line
    group by order_id

),

order_company as (

    select order_id, min(company_code) as company_code
    from {{ ref('int_invoice_line__attributed') }}
    where order_id is not null
    group by order_id

),

mean_weight as (

    select cast(max(mean_weight_kg) as decimal(18, 6)) as weight_kg from product

),

delivered as (

    select
        delivery_line.company_code,
        order_company.company_code as order_company_code,
        coalesce(order_line.customer_id, ordering_customer.customer_id) as customer_id,
        delivery_line.delivered_date,
        cast(date_trunc('month', delivery_line.delivered_date) as date) as month,
        delivery_line.quantity * coalesce(
            product.weight_kg,
            case when product.family is not null then cast(product.family_weight_kg as decimal(18, 6)) end,
            mean_weight.weight_kg
        ) as weight_kg
    from {{ ref('delivery_line') }} as delivery_line
    inner join run on delivery_line.delivered_date <= run.as_of_date
    inner join ordering_customer on delivery_line.order_id = ordering_customer.order_id
    cross join mean_weight
    left join order_line
        on delivery_line.order_id = order_line.order_id
        and delivery_line.order_line_id = order_line.order_line_id
    left join order_company on delivery_line.order_id = order_company.order_id
    left join product on order_line.product_id = product.product_id

)

select
    coalesce(
        delivered.company_code, delivered.order_company_code, group_company.company_code, '*'
    ) as company_code,
    delivered.month,
    delivered.customer_id,
    coalesce(customer.group_id, 'UNMAPPED') as group_id,
    cast(sum(delivered.weight_kg) as decimal(28, 6)) as weight_kg
from delivered
left join {{ ref('int_customer__grouped') }} as customer
    on delivered.customer_id = customer.customer_id
left join {{ ref('int_group_company__dated') }} as group_company
    on coalesce(customer.group_id, 'UNMAPPED') = group_company.group_id
    and {{ holds_on('group_company', 'delivered.delivered_date') }}
group by all
having sum(delivered.weight_kg) > 0
