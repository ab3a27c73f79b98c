with night as (

    select * from {{ source('control', 'night') }}

)

select
    night.as_of_date as day_date,
    night.is_tonight,
    true as is_night
from night
union all
select distinct
    cast(night.as_of_date - interval 1 year as date) as day_date,
    false as is_tonight,
    false as is_night
from night
where
    cast(night.as_of_date - interval 1 year as date) not in (
        select known.as_of_date from {{ source('control', 'night') }} as known
    )
