{%- set fiscal_start = var('company').fiscal_year_start_month -%}
with day as (

    select * from {{ ref('int_day__spanned') }}

),

holiday as (

    select holiday_date, min(holiday_name) as holiday_name
    from {{ source('config', 'holiday') }}
    group by holiday_date

),

judged as (

    select
        day.calendar_date,
        {{ is_business_day('day.calendar_date', 'holiday.holiday_date') }} as is_business_day,
        holiday.holiday_date is not null as is_holiday,
        holiday.holiday_name,
        cast(date_trunc('month', day.calendar_date) as date) as month
    from day
    left join holiday on day.calendar_date = holiday.holiday_date

),

counted as (

    select
        *,
        case
            when is_business_day then count(*) filter (where is_business_day) over (
                partition by month order by calendar_date nulls last
                rows between unbounded preceding and current row
            )
        end as business_day_of_month
    from judged

)

select
    calendar_date,
    is_business_day,
    is_holiday,
    holiday_name,
    coalesce(business_day_of_month = 1, false) as is_review_date,
    calendar_date = last_day(calendar_date) as is_month_end,
    month,
    cast(date_trunc('quarter', calendar_date) as date) as quarter,
    cast(business_day_of_month as bigint) as business_day_of_month,
    cast(
        case
            when {{ fiscal_start }} > 1 and month(calendar_date) >= {{ fiscal_start }}
                then year(calendar_date) + 1
            else year(calendar_date)
        end as bigint
    ) as fiscal_year,
    cast((month(calendar_date) - {{ fiscal_start }} + 12) % 12 + 1 as bigint) as fiscal_period
from counted
