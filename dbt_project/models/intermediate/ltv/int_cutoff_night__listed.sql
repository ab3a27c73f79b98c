-- Window 0 is the night itself. A window is matured where the company's history reaches back as far
-- before its cut-off as the window is long: less leaves no run rate to hold against the outcome.

with night as (

    select * from {{ source('control', 'night') }}

),

history as (

    select min(posting_date) as first_posting_date
    from {{ ref('invoice_line') }}

),

-- The windows of ltv.md, longest first: each is half of the one before.
candidate as (

    select unnest([12, 6, 3]) as window_months

),

matured as (

    select
        night.as_of_date,
        max(candidate.window_months) as window_months
    from night
    cross join candidate
    inner join history
        on cast(night.as_of_date - to_months(cast(2 * candidate.window_months as integer)) as date)
        >= history.first_posting_date
    group by night.as_of_date

)

select
    as_of_date,
    0 as window_months,
    as_of_date as cutoff_date
from night
union all
select
    as_of_date,
    window_months,
    cast(as_of_date - to_months(cast(window_months as integer)) as date) as cutoff_date
from matured
