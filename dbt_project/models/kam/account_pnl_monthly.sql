with amount as (

    select * from {{ ref('int_pnl_amount__gathered') }}

),

supplied as (

    select * from {{ ref('int_cost__supplied') }}

),

summed as (

    select
        month,
        group_id,
        group_id_as_was,
        company_code,
        {{ cell_sum('gross_list') }} as gross_list_rc,
        {{ cell_sum('invoiced_ex_tax') }} as invoiced_ex_tax_rc,
        {{ cell_sum('returns_credits') }} as returns_credits_rc,
        {{ cell_sum('trade_spend_documents') }} as trade_spend_documents_rc,
        {{ cell_sum('trade_spend_costs') }} as trade_spend_costs_rc,
        {{ cell_sum('returns_matched') }} as returns_matched_rc,
        {{ cell_sum('returns_unmatched') }} as returns_unmatched_rc,
        {{ cell_sum('cost_of_goods') }} as cost_of_goods_rc,
        {{ cell_sum('uncosted_revenue') }} as uncosted_revenue_rc,
        {{ cell_sum('freight') }} as freight_rc,
        {{ cell_sum('handling') }} as handling_rc,
        {{ cell_sum('returns_handling') }} as returns_handling_rc,
        {{ cell_sum('selling_service') }} as selling_service_rc,
        {{ cell_sum('financing') }} as financing_rc,
        {{ cell_sum('ledger_revenue_cc') }} - {{ cell_sum('trade_spend_costs_cc') }} as net_revenue_cc,
        {{ cell_sum('absolute_goods') }} + {{ cell_sum('absolute_served') }} as absolute_rc,
        {{ cell_sum('estimated_goods') }} + {{ cell_sum('estimated_served') }} as estimated_rc
    from amount
    group by month, group_id, group_id_as_was, company_code

),

-- A feed that no source supplies makes its columns NULL.
masked as (

    select
        summed.* replace (
            case when supplied.has_customer_cost then trade_spend_costs_rc end as trade_spend_costs_rc,
            case when supplied.has_goods then cost_of_goods_rc end as cost_of_goods_rc,
            case when supplied.has_goods then uncosted_revenue_rc end as uncosted_revenue_rc,
            case when supplied.has_customer_cost then freight_rc end as freight_rc,
            case when supplied.has_handling then handling_rc end as handling_rc,
            case when supplied.has_customer_cost then returns_handling_rc end as returns_handling_rc,
            case when supplied.has_selling_service then selling_service_rc end as selling_service_rc,
            case when supplied.has_financing then financing_rc end as financing_rc
        ),
        summed.trade_spend_costs_rc as deducted_costs_rc
    from summed
    cross join supplied

),

netted as (

    select
        *,
        gross_list_rc - invoiced_ex_tax_rc as on_invoice_discount_rc,
        invoiced_ex_tax_rc - returns_credits_rc - trade_spend_documents_rc as ledger_revenue_rc,
        invoiced_ex_tax_rc - returns_credits_rc - trade_spend_documents_rc - deducted_costs_rc
            as net_revenue_rc,
        case
            when
                coalesce(
                    freight_rc, handling_rc, returns_handling_rc, selling_service_rc, financing_rc
                ) is not null
                then coalesce(freight_rc, 0) + coalesce(handling_rc, 0) + coalesce(returns_handling_rc, 0)
                    + coalesce(selling_service_rc, 0) + coalesce(financing_rc, 0)
        end as cost_to_serve_rc,
        cast(estimated_rc as double) / nullif(cast(absolute_rc as double), 0) as estimated_cost_share
    from masked

),

margined as (

    select
        *,
        net_revenue_rc - cost_of_goods_rc as gross_margin_rc,
        net_revenue_rc - cost_of_goods_rc - coalesce(cost_to_serve_rc, 0) as contribution_rc
    from netted

)

{%- set money = [
        'gross_list_rc',
        'on_invoice_discount_rc',
        'invoiced_ex_tax_rc',
        'returns_credits_rc',
        'trade_spend_documents_rc',
        'ledger_revenue_rc',
        'trade_spend_costs_rc',
        'net_revenue_rc',
        'returns_matched_rc',
        'returns_unmatched_rc',
        'cost_of_goods_rc',
        'uncosted_revenue_rc',
        'gross_margin_rc',
        'freight_rc',
        'handling_rc',
        'returns_handling_rc',
        'selling_service_rc',
        'financing_rc',
        'cost_to_serve_rc',
        'contribution_rc',
        'net_revenue_cc'
    ]
%}

select
    month,
    group_id,
    group_id_as_was,
    company_code,
    cast(gross_list_rc as decimal(18, 2)) as gross_list_rc,
    cast(on_invoice_discount_rc as decimal(18, 2)) as on_invoice_discount_rc,
    cast(invoiced_ex_tax_rc as decimal(18, 2)) as invoiced_ex_tax_rc,
    cast(returns_credits_rc as decimal(18, 2)) as returns_credits_rc,
    cast(trade_spend_documents_rc as decimal(18, 2)) as trade_spend_documents_rc,
    cast(ledger_revenue_rc as decimal(18, 2)) as ledger_revenue_rc,
    cast(trade_spend_costs_rc as decimal(18, 2)) as trade_spend_costs_rc,
    cast(net_revenue_rc as decimal(18, 2)) as net_revenue_rc,
    cast(returns_matched_rc as decimal(18, 2)) as returns_matched_rc,
    cast(returns_unmatched_rc as decimal(18, 2)) as returns_unmatched_rc,
    cast(cost_of_goods_rc as decimal(18, 2)) as cost_of_goods_rc,
    cast(uncosted_revenue_rc as decimal(18, 2)) as uncosted_revenue_rc,
    cast(gross_margin_rc as decimal(18, 2)) as gross_margin_rc,
    cast(freight_rc as decimal(18, 2)) as freight_rc,
    cast(handling_rc as decimal(18, 2)) as handling_rc,
    cast(returns_handling_rc as decimal(18, 2)) as returns_handling_rc,
    cast(selling_service_rc as decimal(18, 2)) as selling_service_rc,
    cast(financing_rc as decimal(18, 2)) as financing_rc,
    cast(cost_to_serve_rc as decimal(18, 2)) as cost_to_serve_rc,
    cast(contribution_rc as decimal(18, 2)) as contribution_rc,
    cast(estimated_cost_share as double) as estimated_cost_share,
    cast(net_revenue_cc as decimal(18, 2)) as net_revenue_cc,
    nullif(concat_ws(
        ';',
        {%- for column in money %}
        {%- if column == 'net_revenue_cc' %}
        case
            when estimated_cost_share is null and absolute_rc = 0 then 'estimated_cost_share:TOO_FEW'
            when estimated_cost_share is null then 'estimated_cost_share:NO_SOURCE'
        end,
        {%- endif %}
        case when {{ column }} is null then '{{ column }}:NO_SOURCE' end{{ ',' if not loop.last }}
        {%- endfor %}
    ), '') as missing_reason
from margined
