with line as (

    select *, try_cast(line_id as bigint) as line_number
    from {{ ref('int_invoice_line__attributed') }}

),

-- Credits name what they credit, cancellations what they cancel.
reference as (

    select
        document_id,
        line_id,
        line_number,
        product_id,
        coalesce(abs(quantity), 0) as quantity,
        document_type = 'CANCELLATION' as is_cancellation,
        case when document_type = 'CANCELLATION' then cancels_document_id else origin_document_id end
            as target_document_id,
        case when document_type = 'CANCELLATION' then cancels_line_id else origin_line_id end
            as target_line_id
    from line
    where document_type in ('CREDIT_NOTE', 'RETURN', 'CANCELLATION')

),

target as (

    select * from line
    where document_type <> 'CANCELLATION'

),

by_line as (

    select reference.*, 1 as part_number, reference.quantity as part_quantity
    from reference
    inner join target
        on reference.target_document_id = target.document_id
        and reference.target_line_id = target.line_id
        and (reference.is_cancellation or target.pnl_column = 'invoiced')

),

referring as (

    select
        *,
        sum(quantity) over (
            partition by document_id, target_document_id, product_id
            order by line_number nulls last, line_id nulls last
        ) as quantity_to
    from reference
    where target_line_id is null and product_id is not null

),

-- The lines of the named document end to end; what exceeds them all stays with the last one.
offered as (

    select
        document_id as target_document_id,
        line_id as target_line_id,
        product_id,
        pnl_column,
        sum(coalesce(abs(quantity), 0)) over in_line_order - coalesce(abs(quantity), 0) as quantity_from,
        case
            when
                row_number() over in_line_order
                = count(*) over (partition by document_id, product_id)
                then 1e13
            else sum(coalesce(abs(quantity), 0)) over in_line_order
        end as quantity_to,
        row_number() over in_line_order as target_number
    from target
    where product_id is not null
    window in_line_order as (
        partition by document_id, product_id order by line_number nulls last, line_id nulls last
    )

),

by_product as (

    select
        referring.document_id,
        referring.line_id,
        offered.target_document_id,
        offered.target_line_id,
        offered.target_number as part_number,
        case
            when referring.quantity = 0 then 0
            else least(referring.quantity_to, offered.quantity_to)
                - greatest(referring.quantity_to - referring.quantity, offered.quantity_from)
        end as part_quantity
    from referring
    inner join offered
        on referring.target_document_id = offered.target_document_id
        and referring.product_id = offered.product_id
        and (referring.is_cancellation or offered.pnl_column = 'invoiced')
        and (
            (referring.quantity = 0 and offered.target_number = 1)
            or (
                referring.quantity > 0
                and referring.quantity_to > offered.quantity_from
                and referring.quantity_to - referring.quantity < offered.quantity_to
            )
        )

),

linked as (

    select document_id, line_id, target_document_id, target_line_id, part_number, part_quantity
    from by_line
    union all
    select document_id, line_id, target_document_id, target_line_id, part_number, part_quantity
    from by_product

)

select
    linked.document_id,
    linked.line_id,
    row_number() over (
        partition by linked.document_id, linked.line_id order by linked.part_number nulls last
    ) as part_number,
    linked.target_document_id,
    linked.target_line_id,
    cast(linked.part_quantity as decimal(18, 4)) as part_quantity
from linked
