with scope as (

    select distinct category_key from {{ ref('int_event__anchored') }}

),

fact as (

    select
        group_id,
        month,
        category,
        is_revenue_product,
        net_amount_cc as net_revenue_cc,
        net_amount_rc as net_revenue_rc,
        document_type = 'INVOICE' and cancelled_date is null as is_invoiced
    from {{ ref('int_invoice_line__attributed') }}
    union all
    select
        group_id,
        month,
        category,
        is_revenue_product,
        -amount_cc as net_revenue_cc,
        -amount_rc as net_revenue_rc,
        false as is_invoiced
    from {{ ref('int_customer_cost__attributed') }}
    where is_trade_spend

),

summed as (

    select
        fact.group_id,
        fact.month,
        upper(fact.category) as category_key,
        fact.is_revenue_product,
        {{ complete_sum('fact.net_revenue_cc') }} as net_revenue_cc,
        {{ complete_sum('fact.net_revenue_rc') }} as net_revenue_rc,
        bool_or(fact.is_invoiced) as is_invoiced
    from fact
    inner join {{ ref('int_group__current') }} as client
        on fact.group_id = client.group_id and not client.is_pseudo_member
    inner join {{ ref('int_month__bounded') }} as bounded on fact.month <= bounded.last_told_month
    group by all

),

-- Billed freight and packaging have no category.
scoped as (

    select
        * exclude (category_key),
        unnest(['ALL'] || case when is_revenue_product then [category_key] else [] end) as category_key
    from summed

)

select
    scoped.group_id,
    scoped.category_key,
    scoped.month,
    {{ complete_sum('scoped.net_revenue_cc') }} as net_revenue_cc,
    {{ complete_sum('scoped.net_revenue_rc') }} as net_revenue_rc,
    bool_or(scoped.is_invoiced) as is_invoiced
from scoped
inner join scope on scoped.category_key = scope.category_key
group by scoped.group_id, scoped.category_key, scoped.month
