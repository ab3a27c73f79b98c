with client as (

    select group_id from {{ ref('int_group__current') }}
    where not is_pseudo_member

),

fact as (

    select
        group_id, month, channel, region, category, is_revenue_product,
        net_amount_rc as net_revenue_rc
    from {{ ref('int_invoice_line__attributed') }}
    union all
    select
        group_id, month, channel, region, category, is_revenue_product,
        -amount_rc as net_revenue_rc
    from {{ ref('int_customer_cost__attributed') }}
    where is_trade_spend

),

summed as (

    select
        fact.group_id,
        fact.month,
        fact.channel,
        fact.region,
        fact.category,
        fact.is_revenue_product,
        {{ complete_sum('fact.net_revenue_rc') }} as value_rc
    from fact
    inner join client on fact.group_id = client.group_id
    group by all

),

-- Billed freight and packaging have no category.
scoped as (

    select
        unnest(
            ['company', 'channel:' || channel, 'region:' || region]
            || case when is_revenue_product then ['category:' || category] else [] end
        ) as scope,
        group_id,
        month,
        value_rc
    from summed

)

select
    scope,
    'net_revenue_t12m' as measure,
    group_id,
    month,
    {{ complete_sum('value_rc') }} as value_rc
from scoped
group by scope, group_id, month
union all
select
    'company' as scope,
    'contribution_t12m' as measure,
    pnl.group_id,
    pnl.month,
    {{ complete_sum('pnl.contribution_rc') }} as value_rc
from {{ ref('account_pnl_monthly') }} as pnl
inner join client on pnl.group_id = client.group_id
inner join {{ ref('int_cost__supplied') }} as supplied on supplied.has_goods
group by pnl.group_id, pnl.month
