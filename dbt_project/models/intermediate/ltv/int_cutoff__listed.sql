-- A decision date is a month end with a year of deliveries before it: less leaves no rule to be held against.

{%- set oldest_months = threshold('backtest.pool_months') + threshold('backtest.pool_months_1095') %}
with night as (

    select * from {{ source('control', 'night') }}

),

run as (

    select * from {{ source('control', 'run') }}

),

history as (

    select min(posting_date) as first_posting_date
    from {{ ref('invoice_line') }}

),

month_end as (

    select
        last_day(
            cast(date_trunc('month', run.as_of_date) - to_months(cast(listed.months_back as integer)) as date)
        ) as cutoff_date
    from run
    cross join (select unnest(range(0, {{ oldest_months }})) as months_back) as listed

),

decision as (

    select month_end.cutoff_date
    from month_end
    cross join run
    cross join history
    where
        month_end.cutoff_date <= run.as_of_date
        and month_end.cutoff_date >= cast(history.first_posting_date + to_months(12) as date)

)

select
    coalesce(night.as_of_date, decision.cutoff_date) as cutoff_date,
    night.as_of_date is not null as is_night,
    decision.cutoff_date is not null as is_decision
from night
full outer join decision on night.as_of_date = decision.cutoff_date
