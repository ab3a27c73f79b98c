with opened as (

    select
        group_id,
        cast(date_trunc('month', opened_date) as date) as month,
        count(*) as cases_opened
    from {{ ref('int_case__handled') }}
    group by group_id, month

),

closed as (

    select
        group_id,
        cast(date_trunc('month', closed_date) as date) as month,
        count(*) as cases_closed,
        median(hours_to_close) as case_hours_to_close_median
    from {{ ref('int_case__handled') }}
    where closed_date is not null
    group by group_id, month

)

select
    coalesce(opened.group_id, closed.group_id) as group_id,
    coalesce(opened.month, closed.month) as month,
    coalesce(opened.cases_opened, 0) as cases_opened,
    coalesce(closed.cases_closed, 0) as cases_closed,
    closed.case_hours_to_close_median
from opened
full join closed
    on
        opened.group_id = closed.group_id
        and opened.month = closed.month
