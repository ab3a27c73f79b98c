with sold as (

    select
        group_id,
        category,
        posting_date,
        net_amount_rc
    from {{ ref('int_invoice_line__attributed') }}
    where
        pnl_column in ('invoiced', 'returns_credits')
        and is_revenue_product

),

daily as (

    select
        group_id,
        coalesce(category, 'ALL') as category,
        posting_date,
        sum(net_amount_rc) as sold_rc,
        count(*) filter (where net_amount_rc is null) as n_unconverted
    from sold
    group by grouping sets ((group_id, category, posting_date), (group_id, posting_date))

)

select
    group_id,
    category,
    posting_date,
    sum(coalesce(sold_rc, 0)) over running as sold_to_date_rc,
    sum(n_unconverted) over running as n_unconverted_to_date
from daily
window running as (
    partition by group_id, category order by posting_date nulls last
    rows between unbounded preceding and current row
)
