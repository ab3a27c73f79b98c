with line as (

    select * from {{ ref('invoice_line') }}

),

document as (

    select
        document_id,
        arg_min(document_type, line_id) as document_type,
        arg_min(cancels_document_id, line_id) as cancels_document_id,
        bool_or(document_type = 'INTERCOMPANY') as is_intercompany
    from line
    group by document_id

),

-- Credits and cancellations of a document between our companies are between our companies too.
intercompany_reference as (

    select distinct line.document_id
    from line
    inner join document
        on coalesce(line.cancels_document_id, line.origin_document_id) = document.document_id
    where document.is_intercompany

)

select
    document.document_id,
    document.document_type,
    coalesce(
        {{ pnl_column('document.document_type') }},
        {{ pnl_column('cancelled.document_type') }},
        {{ pnl_column('cancelled_before.document_type') }},
        'invoiced'
    ) as pnl_column,
    document.is_intercompany or intercompany_reference.document_id is not null as is_intercompany
from document
left join document as cancelled on document.cancels_document_id = cancelled.document_id
left join document as cancelled_before
    on cancelled.cancels_document_id = cancelled_before.document_id
left join intercompany_reference on document.document_id = intercompany_reference.document_id
