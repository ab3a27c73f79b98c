with account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

item as (

    select
        account.group_id,
        item.created_date,
        item.closed_date,
        item.dropped_date,
        coalesce(item.original_due_date, item.due_date) as original_due_date
    from {{ ref('plan_item') }} as item
    inner join {{ ref('account_plan') }} as plan on item.plan_id = plan.plan_id
    inner join account on plan.account_id = account.account_key

)

select
    night.as_of_date,
    item.group_id,
    count(*) as n_due,
    count(*) filter (
        where item.closed_date <= item.original_due_date
        and coalesce(item.dropped_date > night.as_of_date, true)
    ) as n_kept,
    max(
        greatest(
            item.original_due_date,
            case when item.closed_date <= night.as_of_date then item.closed_date end
        )
    ) as newest_date
from {{ source('control', 'night') }} as night
inner join item
    on
        item.original_due_date <= night.as_of_date
        and item.original_due_date
        > night.as_of_date - {{ threshold('health.components.plan_execution.window_days') }}
        and coalesce(item.created_date <= night.as_of_date, true)
group by night.as_of_date, item.group_id
