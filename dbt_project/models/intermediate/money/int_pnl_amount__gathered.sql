with posted as (

    select * from {{ ref('int_invoice_line__summed') }}

),

supplied as (

    select * from {{ ref('int_cost__supplied') }}

),

revenue as (

    select month, group_id, group_id_as_was, company_code, measure, amount
    from posted
    unpivot include nulls (
        amount for measure in (
            gross_list, invoiced_ex_tax, returns_credits, trade_spend_documents, ledger_revenue_cc,
            cost_of_goods, uncosted_revenue, absolute_goods, estimated_goods
        )
    )

),

matched as (

    select month, group_id, group_id_as_was, company_code, origin_document_id, amount_rc
    from {{ ref('int_credit__matched') }}
    union all
    select month, group_id, group_id_as_was, company_code, origin_document_id, amount_rc
    from {{ ref('int_credit_cancellation__reversed') }}

),

trade_spend as (

    select * from {{ ref('int_customer_cost__attributed') }}
    where is_trade_spend

),

served as (

    select * from {{ ref('int_cost_to_serve__gathered') }}

)

select month, group_id, group_id_as_was, company_code, measure, amount
from revenue
cross join supplied
where supplied.has_goods or measure not in ('absolute_goods', 'estimated_goods')
union all
select
    month,
    group_id,
    group_id_as_was,
    company_code,
    case when origin_document_id is null then 'returns_unmatched' else 'returns_matched' end as measure,
    amount_rc as amount
from matched
union all
select month, group_id, group_id_as_was, company_code, 'trade_spend_costs' as measure, amount_rc as amount
from trade_spend
union all
select month, group_id, group_id_as_was, company_code, 'trade_spend_costs_cc' as measure, amount_cc as amount
from trade_spend
union all
select month, group_id, group_id_as_was, company_code, measure, amount_rc as amount
from served
union all
select month, group_id, group_id_as_was, company_code, 'absolute_served' as measure, absolute_rc as amount
from served
where is_known
union all
select month, group_id, group_id_as_was, company_code, 'estimated_served' as measure, absolute_rc as amount
from served
where is_known and is_estimated
