with run as (

    select * from {{ source('control', 'run') }}

),

cost as (

    select
        customer_cost.*,
        cast(date_trunc('month', customer_cost.posting_date) as date) as month
    from {{ ref('customer_cost') }} as customer_cost
    inner join run on customer_cost.posting_date <= run.as_of_date

),

customer as (

    select * from {{ ref('int_customer__grouped') }}

),

membership as (

    select * from {{ ref('int_account__membership') }}
    where account_kind = 'erp_customer'

),

document as (

    select
        document_id,
        min(company_code) as company_code,
        bool_or(document_type = 'REBATE') as is_rebate
    from {{ ref('int_invoice_line__attributed') }}
    group by document_id

),

located as (

    select
        cost.cost_id,
        coalesce(cost.company_code, document.company_code, group_company.company_code, '*') as company_code,
        cost.cost_type,
        cost.posting_date,
        cost.month,
        cost.customer_id,
        cost.product_id,
        coalesce(nullif(trim(product.category), ''), 'UNKNOWN') as category,
        coalesce(product.is_revenue, true) as is_revenue_product,
        coalesce(customer.channel, 'UNKNOWN') as channel,
        coalesce(customer.region, 'UNKNOWN') as region,
        coalesce(customer.group_id, 'UNMAPPED') as group_id,
        coalesce(membership.group_id, customer.group_id, 'UNMAPPED') as group_id_as_was,
        cost.document_id,
        coalesce(document.is_rebate, false) as is_repeated,
        cost.cost_type = 'freight' and cost.customer_id is null as is_unassigned,
        cost.amount_base
    from cost
    left join customer on cost.customer_id = customer.customer_id
    left join membership
        on cost.customer_id = membership.account_key
        and {{ holds_on('membership', 'cost.posting_date') }}
    left join document on cost.document_id = document.document_id
    left join {{ ref('product') }} as product on cost.product_id = product.product_id
    left join {{ ref('int_group_company__dated') }} as group_company
        on coalesce(customer.group_id, 'UNMAPPED') = group_company.group_id
        and cost.customer_id is not null
        and {{ holds_on('group_company', 'cost.posting_date') }}

)

select
    located.*,
    case
        when located.cost_type = 'expedite' and located.amount_base is null
            then cast(round({{ money_rate('cost_to_serve.expedite_rate') }}, 2) as decimal(18, 2))
        else {{ at_rate('located.amount_base', 'month_rate.rate') }}
    end as amount_rc,
    {{ at_rate('located.amount_base', 'fixed_rate.rate') }} as amount_cc,
    located.cost_type = 'expedite' and located.amount_base is null as is_estimated,
    located.cost_type in ('rebate', 'bonus', 'co_op') and not located.is_repeated
        as is_trade_spend,
    coalesce(company.base_currency, run.reporting_currency) as base_currency
from located
cross join run
left join {{ ref('company') }} as company on located.company_code = company.company_code
left join {{ ref('int_currency_month__averaged') }} as month_rate
    on coalesce(company.base_currency, run.reporting_currency) = month_rate.currency
    and located.month = month_rate.month
left join {{ ref('int_currency__fixed') }} as fixed_rate
    on coalesce(company.base_currency, run.reporting_currency) = fixed_rate.currency
    and run.constant_rate_date = fixed_rate.constant_rate_date
