with run as (

    select * from {{ source('control', 'run') }}

),

fixing as (

    select constant_rate_date from run
    union
    select {{ constant_rate_date('as_of_date') }} as constant_rate_date
    from {{ source('control', 'night') }}

),

delivered as (

    select
        fixing.constant_rate_date,
        rate.rate_date,
        case when rate.to_currency = run.reporting_currency then rate.from_currency else rate.to_currency end
            as currency,
        rate.rate,
        rate.to_currency <> run.reporting_currency as is_inverse
    from {{ ref('exchange_rate') }} as rate
    cross join run
    inner join fixing
        on rate.rate_date between
            fixing.constant_rate_date - {{ threshold('currency.max_rate_age_days') }}
            and fixing.constant_rate_date
    where
        run.reporting_currency in (rate.from_currency, rate.to_currency)
        and rate.from_currency <> rate.to_currency
        and rate.rate > 0

)

select
    constant_rate_date,
    currency,
    cast(
        coalesce(
            arg_max(rate, rate_date) filter (where not is_inverse),
            1 / cast(arg_max(rate, rate_date) filter (where is_inverse) as double)
        ) as decimal(20, 12)
    ) as rate
from delivered
group by constant_rate_date, currency
union all
select
    fixing.constant_rate_date,
    run.reporting_currency as currency,
    cast(1 as decimal(20, 12)) as rate
from fixing
cross join run
