{%- set window_days = threshold('cross_functional.window_days') -%}
with day as (

    select last_date as day_date from {{ ref('int_service_month__listed') }}
    union
    select as_of_date as day_date from {{ source('control', 'night') }}

),

account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

action as (

    select
        item.plan_item_id,
        plan.account_id,
        account.group_id,
        item.department,
        item.owner_person_id,
        item.closed_date
    from {{ ref('plan_item') }} as item
    inner join {{ ref('account_plan') }} as plan on item.plan_id = plan.plan_id
    inner join account on plan.account_id = account.account_key
    where item.item_type = 'action' and item.closed_date is not null

),

-- An action belongs to its department, else to that of its owner on the day.
closed as (

    select
        day.day_date,
        action.group_id,
        coalesce(nullif(trim(action.department), ''), {{ person_department('team', 'person') }}) as department
    from day
    inner join action
        on
            action.closed_date <= day.day_date
            and action.closed_date > day.day_date - {{ window_days }}
    left join {{ ref('person') }} as person on action.owner_person_id = person.person_id
    left join {{ ref('account_team') }} as team
        on
            action.account_id = team.account_id
            and action.owner_person_id = team.person_id
            and {{ team_holds_on('team', 'day.day_date') }}
    qualify
        row_number() over (
            partition by day.day_date, action.plan_item_id
            order by team.valid_from desc nulls last, team.role nulls last
        ) = 1

),

active as (

    select
        day.day_date,
        attended.group_id,
        attended.department
    from day
    inner join {{ ref('int_activity__attended') }} as attended
        on
            attended.happened_date <= day.day_date
            and attended.happened_date > day.day_date - {{ window_days }}
    where attended.is_two_way and attended.group_id is not null
    union all
    select
        closed.day_date,
        closed.group_id,
        aliased.department
    from closed
    inner join {{ ref('int_department__aliased') }} as aliased
        on lower(closed.department) = aliased.spelling

)

select
    day_date,
    group_id,
    count(distinct department) filter (where department <> 'Other') as departments_active_90d
from active
group by day_date, group_id
