with paid as (

    select
        receivable.group_id,
        cast(date_trunc('month', receipt.paid_date) as date) as month,
        receipt.receipt_id,
        greatest(0, receipt.paid_date - receivable.due_date) as days_late,
        receipt.amount_base,
        {{ at_rate('receipt.amount_base', 'month_rate.rate') }} as amount_rc
    from {{ ref('receipt') }} as receipt
    inner join {{ source('control', 'run') }} as run on receipt.paid_date <= run.as_of_date
    inner join {{ ref('int_receivable__grouped') }} as receivable
        on receipt.receivable_id = receivable.receivable_id
    left join {{ ref('int_currency_month__averaged') }} as month_rate
        on
            receivable.base_currency = month_rate.currency
            and date_trunc('month', receipt.paid_date) = month_rate.month

)

select
    group_id,
    month,
    count(*) filter (where amount_base > 0) as n_receipts,
    bool_or(amount_base > 0 and amount_rc is null) as is_without_rate,
    case
        when not bool_or(amount_base > 0 and amount_rc is null)
            then
                cast(sum(amount_rc * days_late) filter (where amount_base > 0) as double)
                / nullif(cast(sum(amount_rc) filter (where amount_base > 0) as double), 0)
    end as avg_days_late
from paid
group by group_id, month
