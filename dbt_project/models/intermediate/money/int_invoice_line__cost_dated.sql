with run as (

    select * from {{ source('control', 'run') }}

),

shipped as (

    select order_id, order_line_id, min(shipped_date) as shipped_date
    from {{ ref('delivery_line') }}
    cross join run
    where shipped_date <= run.as_of_date
    group by order_id, order_line_id

),

line as (

    select
        attributed.*,
        coalesce(shipped.shipped_date, attributed.posting_date) as ship_date,
        attributed.is_revenue_product
        and (
            attributed.document_type in ('INVOICE', 'INTERCOMPANY')
            or (
                attributed.document_type in ('CREDIT_NOTE', 'RETURN')
                and attributed.is_restocked
                and attributed.quantity is not null
            )
        ) as takes_cost
    from {{ ref('int_invoice_line__attributed') }} as attributed
    left join shipped
        on attributed.order_id = shipped.order_id
        and attributed.order_line_id = shipped.order_line_id

),

-- A part without an origin has the day of its credit, also where a cancellation takes it back.
credit_part as (

    select
        document_id,
        line_id,
        part_number,
        document_id as credit_document_id,
        line_id as credit_line_id,
        origin_document_id,
        origin_line_id,
        -quantity as quantity
    from {{ ref('int_credit__matched') }}
    union all
    select
        document_id,
        line_id,
        part_number,
        credit_document_id,
        credit_line_id,
        origin_document_id,
        origin_line_id,
        quantity
    from {{ ref('int_credit_cancellation__reversed') }}

),

-- What a cancellation cancels: it reverses the cost only where the cancelled line took one.
cancellation as (

    select
        linked.document_id,
        linked.line_id,
        linked.part_number,
        cancelled.pnl_column,
        coalesce(cancelled.takes_cost, false) as takes_cost,
        coalesce(nullif(linked.part_quantity, 0), abs(cancelled.quantity)) as quantity,
        cancelled.product_id,
        cancelled.company_code,
        cancelled.ship_date,
        cancelled.posting_date as unshipped_date
    from {{ ref('int_invoice_line__linked') }} as linked
    inner join line as cancelled
        on linked.target_document_id = cancelled.document_id
        and linked.target_line_id = cancelled.line_id
    inner join line as cancelling
        on linked.document_id = cancelling.document_id and linked.line_id = cancelling.line_id
    where cancelling.document_type = 'CANCELLATION'

),

credit_taking as (

    select document_id, line_id from line
    where takes_cost and document_type in ('CREDIT_NOTE', 'RETURN')
    union
    select document_id, line_id from cancellation
    where takes_cost and pnl_column = 'returns_credits'

),

part as (

    select
        document_id,
        line_id,
        1 as part_number,
        quantity,
        product_id,
        company_code,
        ship_date,
        posting_date as unshipped_date
    from line
    where takes_cost and document_type in ('INVOICE', 'INTERCOMPANY')
    union all
    select
        document_id, line_id, part_number, -quantity, product_id, company_code, ship_date, unshipped_date
    from cancellation
    where takes_cost and pnl_column = 'invoiced'
    union all
    select
        credit_part.document_id,
        credit_part.line_id,
        credit_part.part_number,
        credit_part.quantity,
        coalesce(origin.product_id, credit.product_id) as product_id,
        coalesce(origin.company_code, credit.company_code) as company_code,
        coalesce(origin.ship_date, credit.ship_date) as ship_date,
        coalesce(origin.posting_date, credit.posting_date) as unshipped_date
    from credit_part
    inner join credit_taking
        on credit_part.document_id = credit_taking.document_id
        and credit_part.line_id = credit_taking.line_id
    inner join line as credit
        on credit_part.credit_document_id = credit.document_id
        and credit_part.credit_line_id = credit.line_id
    left join line as origin
        on credit_part.origin_document_id = origin.document_id
        and credit_part.origin_line_id = origin.line_id

)

select
    document_id,
    line_id,
    part_number,
    cast(quantity as decimal(18, 4)) as quantity,
    product_id,
    company_code,
    ship_date,
    unshipped_date
from part
