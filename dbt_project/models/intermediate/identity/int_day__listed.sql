with night as (

    select * from {{ source('control', 'night') }}

),

-- The last day of the window a year before: of a month end, the month end.
year_before as (

    select distinct
        case
            when is_month_end then last_day(cast(as_of_date - interval 1 year as date))
            else cast(as_of_date - interval 1 year as date)
        end as day_date
    from night

)

select
    night.as_of_date as day_date,
    night.is_tonight,
    true as is_night
from night
union all
select
    year_before.day_date,
    false as is_tonight,
    false as is_night
from year_before
where year_before.day_date not in (select known.as_of_date from night as known)
