with run as (

    select * from {{ source('control', 'run') }}

),

receivable as (

    select * from {{ ref('int_receivable__grouped') }}

),

movement as (

    select receivable_id, issued_date as movement_date, amount_base
    from receivable
    union all
    select receivable_id, paid_date as movement_date, -amount_base as amount_base
    from {{ ref('receipt') }}

),

moved as (

    select
        movement.receivable_id,
        cast(date_trunc('month', movement.movement_date) as date) as month,
        sum(movement.amount_base) as moved_base
    from movement
    inner join run on movement.movement_date <= run.as_of_date
    group by all

),

balanced as (

    select
        receivable_id,
        month,
        sum(moved_base) over in_order as balance_base,
        lead(month) over in_order as next_month
    from moved
    window in_order as (partition by receivable_id order by month nulls last)

),

-- A balance stands on every month end until the next movement.
standing as (

    select
        balanced.receivable_id,
        cast(unnest(generate_series(
            cast(balanced.month as timestamp),
            coalesce(
                balanced.next_month - interval 1 month, date_trunc('month', run.as_of_date)
            ),
            interval 1 month
        )) as date) as month,
        balanced.balance_base,
        run.as_of_date
    from balanced
    cross join run
    where balanced.balance_base <> 0

),

converted as (

    select
        receivable.group_id,
        standing.month,
        receivable.due_date < least(last_day(standing.month), standing.as_of_date) as is_overdue,
        {{ at_rate('standing.balance_base', 'month_rate.rate') }} as balance_rc
    from standing
    inner join receivable on standing.receivable_id = receivable.receivable_id
    left join {{ ref('int_currency_month__averaged') }} as month_rate
        on
            receivable.base_currency = month_rate.currency
            and standing.month = month_rate.month

)

select
    group_id,
    month,
    {{ complete_sum('balance_rc') }} as balance_rc,
    cast(
        case
            when count(*) = count(balance_rc)
                then coalesce(sum(balance_rc) filter (where is_overdue), 0)
        end as decimal(18, 2)
    ) as overdue_rc
from converted
group by group_id, month
