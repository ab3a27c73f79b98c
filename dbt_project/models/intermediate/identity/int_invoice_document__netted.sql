with line as (

    select * from {{ ref('invoice_line') }}

),

customer as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'erp_customer'

),

document as (

    select
        document_id,
        min(company_code) as company_code,
        min(source_system) as source_system,
        min(customer_id) as customer_id,
        min(posting_date) as posting_date,
        sum(net_amount_base) as net_amount_base
    from line
    where document_type = 'INVOICE'
    group by document_id

),

cancellation as (

    select
        cancels_document_id as document_id,
        posting_date as cancelled_date,
        sum(net_amount_base) as cancelled_base
    from line
    where document_type = 'CANCELLATION' and cancels_document_id is not null
    group by cancels_document_id, posting_date

),

remaining as (

    select
        document.document_id,
        cancellation.cancelled_date,
        document.net_amount_base + sum(cancellation.cancelled_base) over (
            partition by document.document_id
            order by cancellation.cancelled_date nulls last
        ) as remaining_base
    from document
    inner join cancellation on document.document_id = cancellation.document_id

),

cancelled as (

    select document_id, min(cancelled_date) as cancelled_date
    from remaining
    where remaining_base <= 0
    group by document_id

)

select
    document.document_id,
    document.company_code,
    document.source_system,
    document.customer_id,
    coalesce(customer.group_id, 'UNMAPPED') as group_id,
    document.posting_date,
    document.net_amount_base,
    document.net_amount_base > 0 as is_net_positive,
    cancelled.cancelled_date
from document
left join customer on document.customer_id = customer.account_key
left join cancelled on document.document_id = cancelled.document_id
