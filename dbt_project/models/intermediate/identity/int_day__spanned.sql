with run as (

    select * from {{ source('control', 'run') }}

),

delivered as (

    select min(posting_date) as first_date
    from {{ ref('invoice_line') }}

),

bound as (

    select
        date_trunc('month', least(delivered.first_date, run.as_of_date)) as first_date,
        make_date(year(run.as_of_date) + 1, 12, 31) as last_date
    from run
    cross join delivered

)

select
    cast(unnest(generate_series(first_date, last_date, interval 1 day)) as date) as calendar_date
from bound
