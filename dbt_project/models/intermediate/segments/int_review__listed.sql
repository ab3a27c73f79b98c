with run as (

    select * from {{ source('control', 'run') }}

),

-- A review counts as decided when a night at or after it was published.
published as (

    select max(as_of_date) as as_of_date
    from {{ source('memory', 'freshness') }}

),

bound as (

    select
        run.as_of_date,
        case
            when run.is_first_run
                then cast(
                    date_trunc('month', run.as_of_date)
                    - to_months({{ threshold('history.reconstructed_month_ends') }}) as date
                ) - 1
            else coalesce(run.replayed_after_date, published.as_of_date)
        end as decided_to_date
    from run
    cross join published

)

select
    calendar.calendar_date as review_date,
    calendar.calendar_date = bound.as_of_date as is_tonight,
    row_number() over (order by calendar.calendar_date nulls last) = 1 as is_first
from {{ ref('calendar') }} as calendar
inner join bound
    on
        calendar.calendar_date > bound.decided_to_date
        and calendar.calendar_date <= bound.as_of_date
where calendar.is_review_date
