with line as (

    select *, try_cast(line_id as bigint) as line_number
    from {{ ref('int_invoice_line__attributed') }}

),

linked as (

    select * from {{ ref('int_invoice_line__linked') }}

),

credit as (

    select line.*
    from line
    where line.document_type in ('CREDIT_NOTE', 'RETURN')

),

-- A credit without a usable link that can be matched by customer, product and quantity.
free_credit as (

    select credit.*
    from credit
    anti join linked on credit.document_id = linked.document_id and credit.line_id = linked.line_id
    where credit.product_id is not null and credit.quantity <> 0

),

pair as (

    select
        customer_id,
        product_id,
        min(posting_date) - {{ threshold('cost_to_serve.credit_match_max_age_days') }} as first_date,
        max(posting_date) as last_date
    from free_credit
    group by customer_id, product_id

),

origin as (

    select line.document_id, line.line_id, line.customer_id, line.product_id
    from line
    inner join pair
        on line.customer_id = pair.customer_id
        and line.product_id = pair.product_id
        and line.posting_date between pair.first_date and pair.last_date
    where line.document_type = 'INVOICE' and line.quantity > 0

),

-- What uses up quantity of an origin by its link: credits and cancellations of invoices.
linked_use as (

    select
        origin.customer_id,
        origin.product_id,
        line.posting_date,
        line.document_id,
        line.line_number,
        line.line_id,
        linked.part_number,
        linked.part_quantity as quantity,
        linked.target_document_id,
        linked.target_line_id
    from linked
    inner join origin
        on linked.target_document_id = origin.document_id
        and linked.target_line_id = origin.line_id
    inner join line on linked.document_id = line.document_id and linked.line_id = line.line_id

),

free_use as (

    select
        customer_id, product_id, posting_date, document_id, line_number, line_id,
        1 as part_number,
        abs(quantity) as quantity,
        cast(null as varchar) as target_document_id,
        cast(null as varchar) as target_line_id
    from free_credit

),

-- A cancelled credit gives back what it had used.
given_back as (

    select
        used.customer_id,
        used.product_id,
        line.posting_date,
        line.document_id,
        line.line_number,
        line.line_id,
        row_number() over (
            partition by line.document_id, line.line_id
            order by linked.part_number nulls last, used.part_number nulls last
        ) as part_number,
        used.quantity,
        used.target_document_id,
        used.target_line_id,
        used.document_id as reversed_document_id,
        used.line_id as reversed_line_id,
        least(1, coalesce(linked.part_quantity / nullif(abs(credit.quantity), 0), 1)) as reversed_share
    from linked
    inner join line on linked.document_id = line.document_id and linked.line_id = line.line_id
    inner join credit
        on linked.target_document_id = credit.document_id and linked.target_line_id = credit.line_id
    inner join (select * from linked_use union all select * from free_use) as used
        on credit.document_id = used.document_id and credit.line_id = used.line_id

),

queued as (

    select
        *,
        cast(null as varchar) as reversed_document_id,
        cast(null as varchar) as reversed_line_id,
        cast(null as double) as reversed_share
    from linked_use
    union all
    select *, null as reversed_document_id, null as reversed_line_id, null as reversed_share
    from free_use
    union all
    select * from given_back

)

select
    *,
    row_number() over (
        partition by customer_id, product_id
        order by
            posting_date nulls last,
            document_id nulls last,
            line_number nulls last,
            line_id nulls last,
            part_number nulls last
    ) as event_number
from queued
