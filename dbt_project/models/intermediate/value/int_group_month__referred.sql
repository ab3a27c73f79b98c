with used as (

    select
        group_id,
        cast(date_trunc('month', created_date) as date) as month,
        count(*) as reference_uses
    from {{ ref('int_opportunity__referred') }}
    where created_date is not null
    group by group_id, month

),

won as (

    select
        group_id,
        month,
        count(*) as reference_wins,
        count(*) - count(value_rc) as reference_wins_unvalued,
        cast(sum(value_rc) as decimal(18, 2)) as value_rc,
        bool_and(is_before_history) as is_before_history
    from {{ ref('int_reference_win__valued') }}
    group by group_id, month

)

select
    coalesce(used.group_id, won.group_id) as group_id,
    coalesce(used.month, won.month) as month,
    coalesce(used.reference_uses, 0) as reference_uses,
    coalesce(won.reference_wins, 0) as reference_wins,
    coalesce(won.reference_wins_unvalued, 0) as reference_wins_unvalued,
    -- No win is worth nothing; wins of which none has a value are worth nobody knows what.
    case when won.group_id is null then 0 else won.value_rc end as business_reference_value_rc,
    case
        when won.group_id is null or won.value_rc is not null then null
        when won.is_before_history then 'NO_HISTORY'
        else 'TOO_FEW'
    end as value_reason
from used
full outer join won on used.group_id = won.group_id and used.month = won.month
