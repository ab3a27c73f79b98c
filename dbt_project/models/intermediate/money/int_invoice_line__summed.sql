with line as (

    select
        attributed.month,
        attributed.group_id,
        attributed.group_id_as_was,
        attributed.company_code,
        attributed.pnl_column,
        attributed.net_amount_rc,
        attributed.net_amount_cc,
        listed.document_id is not null as is_listed,
        listed.gross_list_rc,
        costed.document_id is not null as is_costed,
        costed.cost_of_goods_rc,
        costed.estimated_cost_rc,
        costed.uncosted_revenue_rc
    from {{ ref('int_invoice_line__attributed') }} as attributed
    left join {{ ref('int_invoice_line__listed') }} as listed
        on attributed.document_id = listed.document_id and attributed.line_id = listed.line_id
    left join {{ ref('int_invoice_line__costed') }} as costed
        on attributed.document_id = costed.document_id and attributed.line_id = costed.line_id

)

select
    month,
    group_id,
    group_id_as_was,
    company_code,
    {{ complete_sum('case when is_listed then gross_list_rc else 0 end') }} as gross_list,
    {{ complete_sum("case when pnl_column = 'invoiced' then net_amount_rc else 0 end") }} as invoiced_ex_tax,
    {{ complete_sum("case when pnl_column = 'returns_credits' then -net_amount_rc else 0 end") }}
        as returns_credits,
    {{ complete_sum("case when pnl_column = 'trade_spend' then -net_amount_rc else 0 end") }}
        as trade_spend_documents,
    {{ complete_sum('net_amount_cc') }} as ledger_revenue_cc,
    {{ complete_sum('case when is_costed then cost_of_goods_rc else 0 end') }} as cost_of_goods,
    {{ complete_sum('case when is_costed then uncosted_revenue_rc else 0 end') }} as uncosted_revenue,
    {{ complete_sum('case when is_costed then abs(cost_of_goods_rc) else 0 end') }} as absolute_goods,
    {{ complete_sum('case when is_costed then abs(estimated_cost_rc) else 0 end') }} as estimated_goods
from line
group by all
