with day as (

    select * from {{ ref('int_day__listed') }}
    where is_compared

),

-- A day counts as an invoice day until the last of its invoices is cancelled.
invoice_date as (

    select
        group_id,
        posting_date,
        max(coalesce(cancelled_date, date '9999-12-31')) as undone_date
    from {{ ref('int_invoice_document__netted') }}
    where is_net_positive
    group by group_id, posting_date

),

invoice_day as (

    select
        day.day_date,
        invoice_date.group_id,
        invoice_date.posting_date
    from invoice_date
    inner join day
        on day.day_date >= invoice_date.posting_date
        and day.day_date < invoice_date.undone_date

),

gap as (

    select
        day_date,
        group_id,
        posting_date - lag(posting_date) over (
            partition by day_date, group_id order by posting_date nulls last
        ) as gap_days
    from invoice_day
    where
        posting_date > day_date - cast(
            floor({{ threshold('calendar.dormant.window_months') }} * 30.4375) as integer
        )

),

bound as (

    select
        day_date,
        group_id,
        min(posting_date) as first_invoice_date,
        max(posting_date) as last_invoice_date
    from invoice_day
    group by day_date, group_id

),

usual as (

    select
        day_date,
        group_id,
        median(gap_days) as median_gap_days
    from gap
    group by day_date, group_id

)

select
    bound.day_date,
    bound.group_id,
    bound.first_invoice_date,
    bound.last_invoice_date,
    greatest(
        cast({{ threshold('calendar.dormant.min_gap_days') }} as double),
        coalesce({{ threshold('calendar.dormant.gap_multiple') }} * usual.median_gap_days, 0)
    ) as dormant_limit_days
from bound
left join usual
    on bound.day_date = usual.day_date
    and bound.group_id = usual.group_id
