with customer as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'erp_customer'

)

select
    receivable.receivable_id,
    customer.group_id,
    coalesce(company.base_currency, run.reporting_currency) as base_currency,
    receivable.issued_date,
    receivable.due_date,
    receivable.amount_base
from {{ ref('receivable') }} as receivable
inner join customer on receivable.customer_id = customer.account_key
cross join {{ source('control', 'run') }} as run
left join {{ ref('company') }} as company on receivable.company_code = company.company_code
