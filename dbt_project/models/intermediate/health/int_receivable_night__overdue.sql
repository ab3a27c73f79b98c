{%- set overdue_days = threshold('health.caps.OVERDUE.overdue_days') -%}
with receivable as (

    select
        *,
        greatest(issued_date, due_date + {{ overdue_days + 1 }}) as overdue_from_date
    from {{ ref('int_receivable__grouped') }}

),

-- What raises or lowers the balance overdue by more than the limit, on the day it does.
event as (

    select
        group_id,
        base_currency,
        overdue_from_date as event_date,
        amount_base
    from receivable
    union all
    select
        receivable.group_id,
        receivable.base_currency,
        greatest(receipt.paid_date, receivable.overdue_from_date) as event_date,
        -receipt.amount_base as amount_base
    from {{ ref('receipt') }} as receipt
    inner join receivable on receipt.receivable_id = receivable.receivable_id

),

daily as (

    select
        group_id,
        base_currency,
        event_date,
        sum(amount_base) as amount_base
    from event
    group by group_id, base_currency, event_date
    having sum(amount_base) <> 0

),

balance as (

    select
        scored.as_of_date,
        scored.group_id,
        daily.base_currency,
        sum(daily.amount_base) as overdue_base
    from {{ ref('int_health_night__scored') }} as scored
    inner join daily
        on
            scored.group_id = daily.group_id
            and daily.event_date <= scored.as_of_date
    group by scored.as_of_date, scored.group_id, daily.base_currency

)

select
    balance.as_of_date,
    balance.group_id,
    case
        when count(*) = count(month_rate.rate)
            then cast(
                sum(
                    round(
                        cast(balance.overdue_base * month_rate.rate as decimal(38, 8)), 2
                    )
                ) as decimal(18, 2)
            )
    end as overdue_rc
from balance
left join {{ ref('int_currency_month__averaged') }} as month_rate
    on
        balance.base_currency = month_rate.currency
        and date_trunc('month', balance.as_of_date) = month_rate.month
group by balance.as_of_date, balance.group_id
