with customer as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'erp_customer'

),

document as (

    select document_id, min(company_code) as company_code
    from {{ ref('invoice_line') }}
    group by document_id

)

select
    receivable.receivable_id,
    coalesce(customer.group_id, 'UNMAPPED') as group_id,
    coalesce(company.base_currency, run.reporting_currency) as base_currency,
    receivable.issued_date,
    receivable.due_date,
    receivable.amount_base
from {{ ref('receivable') }} as receivable
cross join {{ source('control', 'run') }} as run
left join customer on receivable.customer_id = customer.account_key
left join document on receivable.document_id = document.document_id
left join {{ ref('company') }} as company
    on coalesce(receivable.company_code, document.company_code) = company.company_code
