with run as (

    select * from {{ source('control', 'run') }}

),

order_company as (

    select order_id, min(company_code) as company_code
    from {{ ref('int_invoice_line__attributed') }}
    where order_id is not null
    group by order_id

),

-- The order itself is counted once, with its first line.
order_line as (

    select
        order_line.*,
        cast(date_trunc('month', order_line.ordered_date) as date) as month,
        row_number() over (
            partition by order_line.order_id
            order by
                order_line.ordered_date nulls last,
                try_cast(order_line.order_line_id as bigint) nulls last,
                order_line.order_line_id nulls last
        ) = 1 as is_first_line
    from {{ ref('order_line') }} as order_line
    inner join run on order_line.ordered_date <= run.as_of_date

)

select
    order_line.month,
    coalesce(customer.group_id, 'UNMAPPED') as group_id,
    coalesce(membership.group_id, customer.group_id, 'UNMAPPED') as group_id_as_was,
    coalesce(
        order_line.company_code, order_company.company_code, group_company.company_code, '*'
    ) as company_code,
    cast(
        count(*) * round({{ money_rate('cost_to_serve.line_rate') }}, 2)
        + count(*) filter (where order_line.is_first_line)
        * round({{ money_rate('cost_to_serve.order_rate') }}, 2)
        as decimal(18, 2)
    ) as amount_rc
from order_line
left join order_company on order_line.order_id = order_company.order_id
left join {{ ref('int_customer__grouped') }} as customer
    on order_line.customer_id = customer.customer_id
left join {{ ref('int_account__membership') }} as membership
    on membership.account_kind = 'erp_customer'
    and order_line.customer_id = membership.account_key
    and {{ holds_on('membership', 'order_line.ordered_date') }}
left join {{ ref('int_group_company__dated') }} as group_company
    on coalesce(customer.group_id, 'UNMAPPED') = group_company.group_id
    and {{ holds_on('group_company', 'order_line.ordered_date') }}
group by all
