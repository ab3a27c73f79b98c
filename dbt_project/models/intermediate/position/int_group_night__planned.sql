with account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

live_plan as (

    select
        night.as_of_date,
        account.group_id,
        plan.plan_id,
        plan.start_date,
        plan.signed_by_contact_id is not null as is_signed
    from {{ ref('int_portfolio_night__windowed') }} as night
    inner join {{ ref('account_plan') }} as plan
        on
            plan.start_date <= night.as_of_date
            and coalesce(plan.end_date >= night.as_of_date, true)
    inner join account on plan.account_id = account.account_key

),

-- What was done or dropped on a day nobody wrote down is not open on any.
item as (

    select
        live_plan.as_of_date,
        live_plan.plan_id,
        item.item_type <> 'action' as is_goal,
        coalesce(item.dropped_date <= live_plan.as_of_date, item.status = 'dropped') as is_dropped,
        coalesce(item.closed_date <= live_plan.as_of_date, item.status = 'done') as is_done,
        coalesce(item.is_joint, false) or item.owner_contact_id is not null or live_plan.is_signed
            as is_joint,
        (coalesce(item.original_due_date, item.due_date) - live_plan.start_date) / 30.4375 as horizon_months
    from live_plan
    inner join {{ ref('plan_item') }} as item
        on
            live_plan.plan_id = item.plan_id
            and coalesce(item.created_date, live_plan.start_date) <= live_plan.as_of_date

),

planned as (

    select
        as_of_date,
        plan_id,
        bool_or(is_goal and not is_dropped) and bool_or(not is_goal and not is_dropped)
            as has_goal_and_action,
        bool_or(
            is_joint
            and not is_dropped
            and not is_done
            and horizon_months > {{ threshold('portfolio.stage.partnership.horizon_months_above') }}
        ) as has_long_joint_item
    from item
    group by as_of_date, plan_id

)

select
    live_plan.as_of_date,
    live_plan.group_id,
    bool_or(coalesce(planned.has_goal_and_action, false)) as has_goal_and_action,
    bool_or(coalesce(planned.has_long_joint_item, false)) as has_long_joint_item
from live_plan
left join planned
    on live_plan.as_of_date = planned.as_of_date and live_plan.plan_id = planned.plan_id
group by live_plan.as_of_date, live_plan.group_id
