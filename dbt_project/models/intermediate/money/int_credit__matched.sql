with line as (

    select * from {{ ref('int_invoice_line__attributed') }}

),

credit as (

    select document_id, line_id, month, group_id, group_id_as_was, company_code, quantity, -net_amount_rc as amount_rc
    from line
    where document_type in ('CREDIT_NOTE', 'RETURN')

),

origin_part as (

    select
        document_id,
        line_id,
        part_number,
        target_document_id as origin_document_id,
        target_line_id as origin_line_id,
        part_quantity as quantity
    from {{ ref('int_invoice_line__linked') }}
    union all
    select document_id, line_id, origin_number as part_number, origin_document_id, origin_line_id, quantity
    from {{ ref('int_credit__walked') }}

),

-- What no origin covers is the last part.
part as (

    select
        credit.document_id,
        credit.line_id,
        origin_part.part_number,
        origin_part.origin_document_id,
        origin_part.origin_line_id,
        origin_part.quantity
    from credit
    inner join origin_part
        on credit.document_id = origin_part.document_id and credit.line_id = origin_part.line_id
    union all
    select
        credit.document_id,
        credit.line_id,
        cast(null as bigint) as part_number,
        cast(null as varchar) as origin_document_id,
        cast(null as varchar) as origin_line_id,
        coalesce(abs(credit.quantity), 0) - coalesce(sum(origin_part.quantity), 0) as quantity
    from credit
    left join origin_part
        on credit.document_id = origin_part.document_id and credit.line_id = origin_part.line_id
    group by credit.document_id, credit.line_id, credit.quantity
    having
        count(origin_part.document_id) = 0
        or (
            abs(credit.quantity) > sum(origin_part.quantity)
        )

),

shared as (

    select
        part.*,
        row_number() over in_order as number_in_credit,
        row_number() over in_order = count(*) over (partition by part.document_id, part.line_id) as is_last,
        credit.month,
        credit.group_id,
        credit.group_id_as_was,
        credit.company_code,
        credit.quantity < 0 as has_quantity,
        credit.amount_rc,
        cast(round(cast(
            cast(credit.amount_rc as double) * part.quantity / nullif(abs(credit.quantity), 0)
            as decimal(18, 6)
        ), 2) as decimal(18, 2)) as pro_rata_rc
    from part
    inner join credit on part.document_id = credit.document_id and part.line_id = credit.line_id
    window in_order as (
        partition by part.document_id, part.line_id order by part.part_number nulls last
    )

)

select
    shared.document_id,
    shared.line_id,
    shared.number_in_credit as part_number,
    shared.origin_document_id,
    shared.origin_line_id,
    coalesce(origin.month, shared.month) as month,
    shared.group_id,
    shared.group_id_as_was,
    shared.company_code,
    cast(shared.quantity as decimal(18, 4)) as quantity,
    case
        when shared.is_last
            then cast(shared.amount_rc - coalesce(
                sum(shared.pro_rata_rc) over (
                    partition by shared.document_id, shared.line_id
                    order by shared.number_in_credit nulls last
                    rows between unbounded preceding and 1 preceding
                ), 0
            ) as decimal(18, 2))
        else shared.pro_rata_rc
    end as amount_rc
from shared
left join line as origin
    on shared.origin_document_id = origin.document_id and shared.origin_line_id = origin.line_id
