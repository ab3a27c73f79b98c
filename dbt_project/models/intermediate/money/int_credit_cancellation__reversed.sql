with line as (

    select * from {{ ref('int_invoice_line__attributed') }}
    where document_type = 'CANCELLATION' and pnl_column = 'returns_credits'

),

part as (

    select * from {{ ref('int_credit__matched') }}

),

-- A cancelled credit takes back its parts; without a known credit it is unmatched itself.
reversed as (

    select
        line.document_id,
        line.line_id,
        part.document_id as credit_document_id,
        part.line_id as credit_line_id,
        part.origin_document_id,
        part.origin_line_id,
        case when part.origin_document_id is null then line.month else part.month end as month,
        coalesce(part.group_id, line.group_id) as group_id,
        coalesce(part.group_id_as_was, line.group_id_as_was) as group_id_as_was,
        coalesce(part.company_code, line.company_code) as company_code,
        part.quantity
        * least(1, coalesce(linked.part_quantity / nullif(credit.quantity, 0), 1)) as quantity,
        -line.net_amount_rc as amount_rc,
        cast(part.amount_rc as double) as weight,
        row_number() over in_order as part_number,
        row_number() over in_order = count(*) over (partition by line.document_id, line.line_id) as is_last
    from line
    left join {{ ref('int_invoice_line__linked') }} as linked
        on line.document_id = linked.document_id and line.line_id = linked.line_id
    left join part
        on linked.target_document_id = part.document_id and linked.target_line_id = part.line_id
    left join (
        select counted.document_id, counted.line_id, sum(counted.quantity) as quantity
        from part as counted
        group by counted.document_id, counted.line_id
    ) as credit
        on part.document_id = credit.document_id and part.line_id = credit.line_id
    window in_order as (
        partition by line.document_id, line.line_id
        order by linked.part_number nulls last, part.part_number nulls last
    )

),

shared as (

    select
        *,
        cast(round(cast(
            amount_rc * weight / nullif(sum(weight) over (partition by document_id, line_id), 0)
            as decimal(18, 6)
        ), 2) as decimal(18, 2)) as pro_rata_rc
    from reversed

)

select
    document_id,
    line_id,
    part_number,
    credit_document_id,
    credit_line_id,
    origin_document_id,
    origin_line_id,
    month,
    group_id,
    group_id_as_was,
    company_code,
    cast(quantity as decimal(18, 4)) as quantity,
    case
        when is_last
            then cast(amount_rc - coalesce(
                sum(pro_rata_rc) over (
                    partition by document_id, line_id
                    order by part_number nulls last
                    rows between unbounded preceding and 1 preceding
                ), 0
            ) as decimal(18, 2))
        else coalesce(pro_rata_rc, 0)
    end as amount_rc
from shared
