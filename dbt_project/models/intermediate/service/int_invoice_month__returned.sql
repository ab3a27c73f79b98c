with line as (

    select * from {{ ref('int_invoice_line__attributed') }}

),

cancelled as (

    select distinct cancels_document_id as document_id
    from line
    where document_type = 'CANCELLATION' and cancels_document_id is not null

),

standing as (

    select line.*
    from line
    left join cancelled on line.document_id = cancelled.document_id
    where line.document_type in ('INVOICE', 'RETURN') and cancelled.document_id is null

),

amount as (

    select
        group_id,
        month,
        'invoiced' as measure,
        net_amount_rc as amount
    from standing
    where document_type = 'INVOICE'
    union all
    select
        part.group_id,
        part.month,
        'returned' as measure,
        part.amount_rc as amount
    from {{ ref('int_credit__matched') }} as part
    inner join standing as credit
        on
            part.document_id = credit.document_id
            and part.line_id = credit.line_id
            and credit.document_type = 'RETURN'
    inner join standing as origin
        on
            part.origin_document_id = origin.document_id
            and part.origin_line_id = origin.line_id
            and origin.document_type = 'INVOICE'

)

select
    group_id,
    month,
    {{ cell_sum('invoiced') }} as invoiced_rc,
    {{ cell_sum('returned') }} as returned_rc
from amount
group by group_id, month
