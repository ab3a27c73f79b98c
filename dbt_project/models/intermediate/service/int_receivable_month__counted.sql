with run as (

    select * from {{ source('control', 'run') }}

),

billed as (

    select * from {{ ref('int_group_month__billed') }}

),

balance as (

    select
        opened.group_id,
        opened.month,
        opened.balance_rc,
        least(last_day(opened.month), run.as_of_date) as last_date,
        so_far.first_month,
        so_far.is_without_rate,
        so_far.billed_so_far_rc,
        cast(so_far.billed_so_far_rc - opened.balance_rc as decimal(18, 2)) as uncovered_rc
    from {{ ref('int_receivable_month__open') }} as opened
    cross join run
    asof left join billed as so_far
        on
            opened.group_id = so_far.group_id
            and opened.month >= so_far.month

),

-- The month in which the count ends: the last one before which more was billed than the balance leaves.
covering as (

    select
        *,
        cast(billed_so_far_rc - counted_rc as decimal(18, 2)) as billed_before_rc
    from billed
    where counted_rc > 0

)

select
    balance.group_id,
    balance.month,
    case
        when balance.first_month is null or balance.is_without_rate then null
        when balance.balance_rc <= 0 then 0
        when covering.month is null then balance.last_date - balance.first_month + 1
        else
            balance.last_date - least(last_day(covering.month), balance.last_date)
            + day(least(last_day(covering.month), balance.last_date))
            * cast(covering.billed_so_far_rc - balance.uncovered_rc as double)
            / cast(covering.counted_rc as double)
    end as dso_days
from balance
asof left join covering
    on
        balance.group_id = covering.group_id
        and balance.uncovered_rc >= covering.billed_before_rc
