with run as (

    select * from {{ source('control', 'run') }}

),

line as (

    select
        invoice_line.*,
        cast(date_trunc('month', invoice_line.posting_date) as date) as month
    from {{ ref('invoice_line') }} as invoice_line
    inner join run on invoice_line.posting_date <= run.as_of_date

),

document as (

    select * from {{ ref('int_document__typed') }}

),

customer as (

    select * from {{ ref('int_customer__grouped') }}

),

membership as (

    select * from {{ ref('int_account__membership') }}
    where account_kind = 'erp_customer'

),

typed as (

    select
        line.*,
        coalesce({{ pnl_column('line.document_type') }}, cancelled.pnl_column, 'invoiced') as pnl_column,
        line.document_type = 'INTERCOMPANY'
        or coalesce(cancelled.is_intercompany, false)
        or coalesce(origin.is_intercompany, false) as is_intercompany_document
    from line
    left join document as cancelled on line.cancels_document_id = cancelled.document_id
    left join document as origin on line.origin_document_id = origin.document_id

)

select
    typed.document_id,
    typed.line_id,
    typed.company_code,
    typed.document_type,
    typed.pnl_column,
    typed.posting_date,
    typed.month,
    typed.customer_id,
    typed.product_id,
    coalesce(nullif(trim(product.category), ''), 'UNKNOWN') as category,
    nullif(trim(product.family), '') as family,
    coalesce(product.is_revenue, true) as is_revenue_product,
    coalesce(customer.channel, 'UNKNOWN') as channel,
    coalesce(customer.region, 'UNKNOWN') as region,
    case
        when typed.is_intercompany_document then 'INTERCOMPANY'
        else coalesce(customer.group_id, 'UNMAPPED')
    end as group_id,
    case
        when typed.is_intercompany_document then 'INTERCOMPANY'
        else coalesce(membership.group_id, customer.group_id, 'UNMAPPED')
    end as group_id_as_was,
    typed.quantity,
    typed.list_unit_price,
    typed.discount_amount,
    typed.net_amount,
    typed.currency,
    typed.net_amount_base,
    {{ at_rate('typed.net_amount_base', 'month_rate.rate') }} as net_amount_rc,
    {{ at_rate('typed.net_amount', 'fixed_rate.rate') }} as net_amount_cc,
    month_rate.rate as base_rate,
    typed.gl_account,
    typed.order_id,
    typed.order_line_id,
    typed.sales_rep_id,
    typed.origin_document_id,
    typed.origin_line_id,
    typed.cancels_document_id,
    typed.cancels_line_id,
    coalesce(typed.is_restocked, false) as is_restocked,
    case
        when typed.document_type = 'INVOICE' and netted.cancelled_date <= run.as_of_date
            then netted.cancelled_date
    end as cancelled_date,
    typed.source_system
from typed
cross join run
left join customer on typed.customer_id = customer.customer_id
left join membership
    on typed.customer_id = membership.account_key
    and {{ holds_on('membership', 'typed.posting_date') }}
left join {{ ref('product') }} as product on typed.product_id = product.product_id
left join {{ ref('company') }} as company on typed.company_code = company.company_code
left join {{ ref('int_currency_month__averaged') }} as month_rate
    on coalesce(company.base_currency, run.reporting_currency) = month_rate.currency
    and typed.month = month_rate.month
left join {{ ref('int_currency__fixed') }} as fixed_rate
    on typed.currency = fixed_rate.currency
    and run.constant_rate_date = fixed_rate.constant_rate_date
left join {{ ref('int_invoice_document__netted') }} as netted
    on typed.document_id = netted.document_id
