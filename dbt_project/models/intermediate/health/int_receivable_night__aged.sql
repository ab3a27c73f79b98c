with due as (

    select
        scored.as_of_date,
        receivable.receivable_id,
        receivable.group_id,
        receivable.base_currency,
        receivable.due_date,
        receivable.amount_base
    from {{ ref('int_receivable__grouped') }} as receivable
    inner join {{ ref('int_health_night__scored') }} as scored
        on
            receivable.group_id = scored.group_id
            and receivable.due_date <= scored.as_of_date
            and receivable.due_date
            > scored.as_of_date - {{ threshold('health.components.payment.window_days') }}
            and receivable.issued_date <= scored.as_of_date
    where receivable.amount_base > 0

),

-- Each receipt ends its share of the amount.
paid as (

    select
        due.as_of_date,
        due.receivable_id,
        sum(receipt.amount_base) as paid_base,
        sum(receipt.amount_base * greatest(0, receipt.paid_date - due.due_date)) as paid_late_base,
        max(receipt.paid_date) as paid_date
    from due
    inner join {{ ref('receipt') }} as receipt
        on
            due.receivable_id = receipt.receivable_id
            and receipt.paid_date <= due.as_of_date
    group by due.as_of_date, due.receivable_id

),

-- The open rest ages until the night.
aged as (

    select
        due.as_of_date,
        due.group_id,
        due.base_currency,
        coalesce(paid.paid_base, 0) as paid_base,
        coalesce(paid.paid_late_base, 0) as paid_late_base,
        greatest(0, due.amount_base - coalesce(paid.paid_base, 0)) as open_base,
        due.as_of_date - due.due_date as open_days,
        greatest(due.due_date, paid.paid_date) as newest_date
    from due
    left join paid
        on
            due.as_of_date = paid.as_of_date
            and due.receivable_id = paid.receivable_id

),

summed as (

    select
        as_of_date,
        group_id,
        base_currency,
        sum(paid_base + open_base) as due_base,
        sum(paid_late_base + open_base * open_days) as late_base,
        max(newest_date) as newest_date
    from aged
    group by as_of_date, group_id, base_currency

)

select
    summed.as_of_date,
    summed.group_id,
    case
        when count(*) = count(month_rate.rate)
            then
                sum(
                    cast(summed.late_base as double) * cast(month_rate.rate as double)
                    order by summed.base_currency
                )
                / nullif(
                    sum(
                        cast(summed.due_base as double) * cast(month_rate.rate as double)
                        order by summed.base_currency
                    ),
                    0
                )
    end as days_late,
    count(*) > count(month_rate.rate) as is_without_rate,
    max(summed.newest_date) as newest_date
from summed
left join {{ ref('int_currency_month__averaged') }} as month_rate
    on
        summed.base_currency = month_rate.currency
        and date_trunc('month', summed.as_of_date) = month_rate.month
group by summed.as_of_date, summed.group_id
