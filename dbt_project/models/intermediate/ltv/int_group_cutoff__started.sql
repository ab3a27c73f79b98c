with cutoff as (

    select * from {{ ref('int_cutoff__listed') }}

),

invoice_day as (

    select
        group_id,
        posting_date as day_date,
        max(coalesce(cancelled_date, date '9999-12-31')) as undone_date
    from {{ ref('int_invoice_document__netted') }}
    where is_net_positive
    group by group_id, posting_date

),

-- A client starts with an invoice; its first order may be older.
started as (

    select group_id, day_date, undone_date, false as is_order from invoice_day
    union all
    select group_id, order_date as day_date, undone_date, true as is_order
    from {{ ref('int_order_day__counted') }}

)

select
    cutoff.cutoff_date,
    started.group_id,
    min(started.day_date) filter (where not started.is_order) as first_seen_date,
    min(started.day_date) filter (where started.is_order) as first_order_date
from cutoff
inner join started
    on started.day_date <= cutoff.cutoff_date
    and started.undone_date > cutoff.cutoff_date
group by cutoff.cutoff_date, started.group_id
having count(*) filter (where not started.is_order) > 0
