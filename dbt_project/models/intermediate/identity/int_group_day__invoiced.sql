with day as (

    select * from {{ ref('int_day__listed') }}

),

-- An invoice that was cancelled by a day is no invoice of that day.
invoice_day as (

    select
        day.day_date,
        document.group_id,
        document.posting_date
    from {{ ref('int_invoice_document__netted') }} as document
    inner join day
        on document.posting_date <= day.day_date
        and (document.cancelled_date is null or document.cancelled_date > day.day_date)
    where document.is_net_positive
    group by day.day_date, document.group_id, document.posting_date

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
