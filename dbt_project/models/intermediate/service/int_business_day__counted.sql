with timed as (

    select {{ local_date('min(opened_at)') }} as first_date from {{ ref('case') }}
    union all
    select {{ local_date('min(requested_at)') }} as first_date from {{ ref('policy_exception') }}
    union all
    select {{ local_date('min(credit_hold_from_at)') }} as first_date from {{ ref('order_line') }}

),

spanned as (

    select
        greatest(
            date '1970-01-01',
            least(min(calendar_date), (select min(timed.first_date) from timed))
        ) as first_date,
        max(calendar_date) as last_date
    from {{ ref('int_day__spanned') }}

),

day as (

    select cast(unnest(generate_series(first_date, last_date, interval 1 day)) as date) as calendar_date
    from spanned

),

holiday as (

    select distinct holiday_date from {{ source('config', 'holiday') }}

),

judged as (

    select
        day.calendar_date,
        {{ is_business_day('day.calendar_date', 'holiday.holiday_date') }} as is_business_day
    from day
    left join holiday on day.calendar_date = holiday.holiday_date

)

select
    calendar_date,
    is_business_day,
    count(*) filter (where is_business_day) over (order by calendar_date nulls last)
    - cast(is_business_day as integer) as business_days_before
from judged
