with recursive event as (

    select * from {{ ref('int_credit__queued') }}

),

origin as (

    select
        line.customer_id,
        line.product_id,
        line.document_id,
        line.line_id,
        line.posting_date,
        line.quantity,
        row_number() over (
            partition by line.customer_id, line.product_id
            order by
                line.posting_date nulls last,
                line.document_id nulls last,
                try_cast(line.line_id as bigint) nulls last,
                line.line_id nulls last
        ) as origin_number
    from {{ ref('int_invoice_line__attributed') }} as line
    inner join (
        select
            customer_id,
            product_id,
            min(posting_date) - {{ threshold('cost_to_serve.credit_match_max_age_days') }} as first_date,
            max(posting_date) as last_date
        from event
        where target_document_id is null and reversed_document_id is null
        group by customer_id, product_id
    ) as queue
        on line.customer_id = queue.customer_id
        and line.product_id = queue.product_id
        and line.posting_date between queue.first_date and queue.last_date
    where line.document_type = 'INVOICE' and line.quantity > 0

),

reversed as (

    select event.*, earlier.event_number as reversed_number
    from event
    left join event as earlier
        on event.reversed_document_id = earlier.document_id
        and event.reversed_line_id = earlier.line_id
        and event.customer_id = earlier.customer_id
        and event.product_id = earlier.product_id
        and event.target_document_id is null
        and earlier.target_document_id is null
        and earlier.reversed_document_id is null

),

-- One step per use of quantity, all queues at once; `taken` is what each step took of the line.
walk as (

    select
        customer_id, product_id, document_id, line_id, posting_date, origin_number,
        0 as event_number,
        cast(quantity as decimal(18, 4)) as quantity_left,
        cast([] as decimal(18, 4)[]) as taken
    from origin
    union all
    select
        customer_id, product_id, document_id, line_id, posting_date, origin_number,
        event_number,
        cast(quantity_left - taken_now as decimal(18, 4)) as quantity_left,
        list_append(taken, taken_now) as taken
    from (
        select
            walk.customer_id,
            walk.product_id,
            walk.document_id,
            walk.line_id,
            walk.posting_date,
            walk.origin_number,
            reversed.event_number,
            walk.quantity_left,
            walk.taken,
            cast(case
                when reversed.target_document_id is not null then
                    case
                        when
                            walk.document_id = reversed.target_document_id
                            and walk.line_id = reversed.target_line_id
                            then reversed.quantity * coalesce(-reversed.reversed_share, 1)
                        else 0
                    end
                when reversed.reversed_document_id is not null
                    then -coalesce(walk.taken[reversed.reversed_number], 0) * reversed.reversed_share
                else greatest(0, least(
                    eligible.quantity,
                    reversed.quantity - (
                        sum(eligible.quantity) over (
                            partition by walk.customer_id, walk.product_id
                            order by walk.origin_number nulls last
                        ) - eligible.quantity
                    )
                ))
            end as decimal(18, 4)) as taken_now
        from walk
        inner join reversed
            on walk.customer_id = reversed.customer_id
            and walk.product_id = reversed.product_id
            and walk.event_number + 1 = reversed.event_number
        cross join lateral (
            select case
                when
                    walk.posting_date between
                        reversed.posting_date - {{ threshold('cost_to_serve.credit_match_max_age_days') }}
                        and reversed.posting_date
                    then greatest(walk.quantity_left, 0)
                else 0
            end as quantity
        ) as eligible
    )

),

finished as (

    select * from walk
    qualify event_number = max(event_number) over (partition by customer_id, product_id)

)

select
    event.document_id,
    event.line_id,
    finished.document_id as origin_document_id,
    finished.line_id as origin_line_id,
    finished.origin_number,
    finished.taken[event.event_number] as quantity
from finished
inner join event
    on finished.customer_id = event.customer_id and finished.product_id = event.product_id
where
    event.target_document_id is null
    and event.reversed_document_id is null
    and finished.taken[event.event_number] > 0
