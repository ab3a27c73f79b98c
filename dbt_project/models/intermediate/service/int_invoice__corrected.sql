with line as (

    select * from {{ ref('int_invoice_line__attributed') }}

),

told as (

    select line.*, source.reason as native_reason
    from line
    inner join {{ ref('invoice_line') }} as source
        on
            line.document_id = source.document_id
            and line.line_id = source.line_id
    where line.document_type in ('CREDIT_NOTE', 'DEBIT_NOTE')

),

cancelled as (

    select distinct cancels_document_id as document_id
    from line
    where document_type = 'CANCELLATION' and cancels_document_id is not null

),

reason_map as (

    select source_system, lower(trim(native_reason)) as native_reason, min(reason) as reason
    from {{ source('config', 'invoice_correction_reason') }}
    group by all

),

correction as (

    select
        told.source_system,
        told.document_id,
        told.origin_document_id,
        reason_map.reason
    from told
    inner join reason_map
        on
            told.source_system = reason_map.source_system
            and lower(trim(told.native_reason)) = reason_map.native_reason

),

corrected as (

    select distinct correction.origin_document_id as document_id
    from correction
    left join cancelled on correction.document_id = cancelled.document_id
    where correction.reason in ('price', 'quantity', 'tax') and cancelled.document_id is null

)

select
    line.document_id,
    min(line.month) as month,
    min(line.group_id) as group_id,
    bool_or(corrected.document_id is not null) as is_corrected,
    bool_and(line.source_system in (select told_reason.source_system from correction as told_reason))
        as is_reason_told
from line
left join cancelled on line.document_id = cancelled.document_id
left join corrected on line.document_id = corrected.document_id
where line.document_type = 'INVOICE' and cancelled.document_id is null
group by line.document_id
