select
    group_id,
    category,
    posting_date,
    sum(net_amount_rc) as sold_rc
from {{ ref('int_invoice_line__attributed') }}
where
    pnl_column in ('invoiced', 'returns_credits')
    and coalesce(is_revenue_product, true)
group by group_id, category, posting_date
