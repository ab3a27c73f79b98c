with line as (

    select attributed.*
    from {{ ref('int_invoice_line__attributed') }} as attributed
    inner join {{ ref('int_group__current') }} as client
        on attributed.group_id = client.group_id and not client.is_pseudo_member

)

select
    group_id,
    min(posting_date) filter (where document_type = 'INVOICE') as first_document_date,
    min(month) as first_revenue_month
from line
group by group_id
