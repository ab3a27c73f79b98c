with basis as (

    select * from {{ ref('int_order_basis__decided') }}

),

customer as (

    select
        grouped.account_key as customer_id,
        grouped.group_id
    from {{ ref('int_account__grouped') }} as grouped
    inner join {{ ref('int_group__current') }} as current_group
        on grouped.group_id = current_group.group_id
    where grouped.account_kind = 'erp_customer' and not current_group.is_pseudo_member

),

-- A line whose value is not supplied still is an order; a line of no value is not.
ordered as (

    select
        order_line.customer_id,
        customer.group_id,
        order_line.ordered_date as order_date,
        cast(null as date) as cancelled_date
    from {{ ref('order_line') }} as order_line
    inner join customer on order_line.customer_id = customer.customer_id
    where
        order_line.quantity > coalesce(order_line.cancelled_quantity, 0)
        and coalesce(order_line.net_amount_base > 0, true)

),

invoiced as (

    select
        document.customer_id,
        customer.group_id,
        document.posting_date as order_date,
        document.cancelled_date
    from {{ ref('int_invoice_document__netted') }} as document
    inner join customer on document.customer_id = customer.customer_id
    where document.is_net_positive

),

based as (

    select ordered.*, basis.order_basis
    from ordered
    inner join basis on basis.order_basis = 'order_line'
    union all
    select invoiced.*, basis.order_basis
    from invoiced
    inner join basis on basis.order_basis = 'invoice'

)

select
    customer_id,
    group_id,
    order_date,
    max(coalesce(cancelled_date, date '9999-12-31')) as undone_date,
    min(order_basis) as order_basis
from based
group by customer_id, group_id, order_date
