with cutoff as (

    select * from {{ ref('int_cutoff_night__listed') }}

),

order_day as (

    select * from {{ ref('int_order_day__counted') }}

),

history as (

    select min(posting_date) as first_posting_date
    from {{ ref('invoice_line') }}

),

created as (

    select
        grouped.group_id,
        min(customer.created_date) as created_date
    from {{ ref('int_account__grouped') }} as grouped
    inner join {{ ref('customer') }} as customer on grouped.account_key = customer.customer_id
    where grouped.account_kind = 'erp_customer'
    group by grouped.group_id

),

summarised as (

    select
        cutoff.as_of_date,
        cutoff.window_months,
        cutoff.cutoff_date,
        order_day.group_id,
        count(*) as n_orders,
        min(order_day.order_date) as first_order_date,
        max(order_day.order_date) as last_order_date
    from cutoff
    inner join order_day
        on order_day.order_date <= cutoff.cutoff_date
        and order_day.undone_date > cutoff.cutoff_date
    group by cutoff.as_of_date, cutoff.window_months, cutoff.cutoff_date, order_day.group_id

)

select
    summarised.*,
    -- Where the data start in mid-life, a first observed order is no first order.
    case
        when created.created_date is not null
            then created.created_date >= history.first_posting_date
        else
            summarised.first_order_date
            > history.first_posting_date + {{ threshold('ltv.truncation_days') }}
    end as is_in_fit
from summarised
cross join history
left join created on summarised.group_id = created.group_id
