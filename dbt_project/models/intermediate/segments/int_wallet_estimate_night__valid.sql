with day as (

    select * from {{ ref('int_wallet_day__listed') }}

),

account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

dated as (

    select
        day.as_of_date,
        account.group_id,
        estimate.account_id,
        estimate.category,
        estimate.estimated_date,
        estimate.amount,
        estimate.currency,
        estimate.wallet_source,
        estimate.supplier_rank,
        estimate.supplier_count,
        least(last_day(estimate.estimated_date), day.as_of_date) as rate_day
    from {{ ref('wallet_estimate') }} as estimate
    inner join account on estimate.account_id = account.account_key
    inner join day
        on day.as_of_date between estimate.estimated_date
            and estimate.estimated_date + {{ threshold('missing.wallet_max_age_days') }}
    qualify
        row_number() over (
            partition by day.as_of_date, estimate.account_id, estimate.category
            order by estimate.estimated_date desc nulls last
        ) = 1

),

reporting as (

    select reporting_currency from {{ source('control', 'run') }}

),

-- A pair quoted only the other way round is read inverted, and only then.
quote as (

    select
        rate.from_currency as currency,
        rate.rate_date,
        rate.rate,
        false as is_inverse
    from {{ ref('exchange_rate') }} as rate
    inner join reporting on rate.to_currency = reporting.reporting_currency
    union all
    select
        rate.to_currency as currency,
        rate.rate_date,
        rate.rate,
        true as is_inverse
    from {{ ref('exchange_rate') }} as rate
    inner join reporting on rate.from_currency = reporting.reporting_currency

),

quoted as (

    select
        dated.*,
        case
            when dated.currency = reporting.reporting_currency then dated.amount
            when quote.is_inverse
                then round(cast(dated.amount / quote.rate as decimal(28, 10)), 2)
            else round(dated.amount * quote.rate, 2)
        end as amount_rc
    from dated
    cross join reporting
    left join quote
        on
            dated.currency = quote.currency
            and quote.rate_date <= dated.rate_day
            and quote.rate_date >= dated.rate_day - {{ threshold('currency.max_rate_age_days') }}
    qualify
        row_number() over (
            partition by dated.as_of_date, dated.account_id, dated.category
            order by quote.is_inverse nulls last, quote.rate_date desc nulls last
        ) = 1

)

select
    as_of_date,
    group_id,
    account_id,
    category,
    estimated_date,
    wallet_source,
    supplier_rank,
    supplier_count,
    amount,
    currency,
    cast(
        {{ mapped_number('wallet_source', threshold('potential.confidence'), 'model') }} as decimal(5, 4)
    ) as source_confidence,
    cast(source_confidence as double) * case
        when as_of_date - estimated_date > {{ threshold('potential.confidence_half_after_days') }} then 0.5
        else 1
    end as confidence,
    cast(amount_rc as decimal(18, 2)) as amount_rc,
    cast(round(cast(amount_rc as decimal(18, 2)) * source_confidence, 2) as decimal(18, 2))
        as potential_value_rc
from quoted
