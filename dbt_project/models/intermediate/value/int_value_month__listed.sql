with begun as (

    select min(valid_from_date) as first_date from {{ ref('dim_account_group_history') }}
    union all
    select min(least(created_date, coalesce(won_date, created_date))) as first_date
    from {{ ref('int_opportunity__referred') }}
    union all
    select min(responded_date) as first_date from {{ ref('survey_response') }}
    union all
    select min(event_date) as first_date from {{ ref('account_event') }}
    union all
    select min(month) as first_date from {{ ref('int_sell_out__measured') }}

)

select
    cast(listed.month as date) as month,
    least(last_day(listed.month), run.as_of_date) as last_date,
    last_day(listed.month) <= run.as_of_date as is_finished
from {{ source('control', 'run') }} as run
cross join (select min(first_date) as first_date from begun) as earliest
cross join unnest(generate_series(
    date_trunc('month', cast(earliest.first_date as timestamp)), cast(run.as_of_date as timestamp), interval 1 month
)) as listed (month)
