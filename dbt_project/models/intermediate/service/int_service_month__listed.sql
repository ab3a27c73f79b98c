with run as (

    select
        as_of_date,
        cast(
            case
                when as_of_date = last_day(as_of_date) then date_trunc('month', as_of_date)
                else date_trunc('month', as_of_date) - interval 1 month
            end as date
        ) as last_month
    from {{ source('control', 'run') }}

)

select
    cast(month as date) as month,
    last_day(month) as last_date
from run
cross join unnest(generate_series(
    cast(run.last_month as timestamp)
    - interval {{ threshold('history.service_months') - 1 }} month,
    cast(run.last_month as timestamp),
    interval 1 month
)) as listed(month)
