with run as (

    select * from {{ source('control', 'run') }}

),

delivered as (

    select
        rate.rate_date,
        case when rate.to_currency = run.reporting_currency then rate.from_currency else rate.to_currency end
            as currency,
        rate.rate,
        rate.to_currency <> run.reporting_currency as is_inverse
    from {{ ref('exchange_rate') }} as rate
    inner join run
        on rate.rate_date <= run.as_of_date
        and run.reporting_currency in (rate.from_currency, rate.to_currency)
    where rate.from_currency <> rate.to_currency and rate.rate > 0

),

month as (

    select
        currency.currency,
        cast(spine.month as date) as month,
        least(last_day(spine.month), run.as_of_date) as end_date
    from (select currency, date_trunc('month', min(rate_date)) as first_month from delivered group by currency)
        as currency
    cross join run
    cross join unnest(
        generate_series(currency.first_month, date_trunc('month', run.as_of_date), interval 1 month)
    ) as spine(month)

),

averaged as (

    select
        currency,
        cast(date_trunc('month', rate_date) as date) as month,
        sum(rate) filter (where not is_inverse) / count(*) filter (where not is_inverse) as direct_rate,
        count(*) filter (where is_inverse) / cast(sum(rate) filter (where is_inverse) as double) as inverse_rate
    from delivered
    group by currency, date_trunc('month', rate_date)

),

last_known as (

    select
        month.currency,
        month.month,
        arg_max(delivered.rate, delivered.rate_date) filter (where not delivered.is_inverse) as direct_rate,
        1 / cast(
            arg_max(delivered.rate, delivered.rate_date) filter (where delivered.is_inverse) as double
        ) as inverse_rate
    from month
    inner join delivered
        on month.currency = delivered.currency
        and delivered.rate_date
            between month.end_date - {{ threshold('currency.max_rate_age_days') }} and month.end_date
    group by month.currency, month.month

)

select
    month.currency,
    month.month,
    cast(
        coalesce(
            averaged.direct_rate, averaged.inverse_rate, last_known.direct_rate, last_known.inverse_rate
        ) as decimal(20, 12)
    ) as rate
from month
left join averaged on month.currency = averaged.currency and month.month = averaged.month
left join last_known on month.currency = last_known.currency and month.month = last_known.month
union all
select
    run.reporting_currency as currency,
    cast(spine.month as date) as month,
    cast(1 as decimal(20, 12)) as rate
from run
cross join unnest(
    generate_series(date '1970-01-01', date_trunc('month', run.as_of_date), interval 1 month)
) as spine(month)
