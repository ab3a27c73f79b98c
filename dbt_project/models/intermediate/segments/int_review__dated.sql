select
    night.as_of_date,
    max(calendar.calendar_date) as review_date
from {{ source('control', 'run') }} as night
inner join {{ ref('calendar') }} as calendar
    on
        calendar.calendar_date <= night.as_of_date
        and calendar.is_review_date
group by night.as_of_date
