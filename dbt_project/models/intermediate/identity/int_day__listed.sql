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

),

listed as (

    select
        as_of_date as day_date,
        is_tonight,
        true as is_night,
        true as is_compared
    from night
    union all
    select
        day_date,
        false as is_tonight,
        false as is_night,
        true as is_compared
    from year_before
    union all
    select
        cutoff_date as day_date,
        false as is_tonight,
        false as is_night,
        false as is_compared
    from {{ ref('int_cutoff__listed') }}

)

select
    day_date,
    bool_or(is_tonight) as is_tonight,
    bool_or(is_night) as is_night,
    bool_or(is_compared) as is_compared
from listed
group by day_date
