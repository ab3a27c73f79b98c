with posted as (

    select
        group_id,
        posting_date,
        case when pnl_column = 'invoiced' then net_amount_rc else 0 end as invoiced_rc,
        case when pnl_column = 'returns_credits' then -net_amount_rc else 0 end as credits_rc,
        net_amount_rc as ledger_revenue_rc,
        net_amount_rc as net_revenue_rc,
        net_amount_cc as net_revenue_cc
    from {{ ref('int_invoice_line__attributed') }}
    union all
    select
        group_id,
        posting_date,
        0 as invoiced_rc,
        0 as credits_rc,
        0 as ledger_revenue_rc,
        -amount_rc as net_revenue_rc,
        -amount_cc as net_revenue_cc
    from {{ ref('int_customer_cost__attributed') }}
    where is_trade_spend

)

select
    group_id,
    posting_date,
    {{ complete_sum('invoiced_rc') }} as invoiced_rc,
    {{ complete_sum('credits_rc') }} as credits_rc,
    {{ complete_sum('ledger_revenue_rc') }} as ledger_revenue_rc,
    {{ complete_sum('net_revenue_rc') }} as net_revenue_rc,
    {{ complete_sum('net_revenue_cc') }} as net_revenue_cc
from posted
group by group_id, posting_date
