with account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

)

select
    activity.activity_id,
    activity.account_id,
    account.group_id,
    activity.activity_type,
    {{ local_date('activity.happened_at') }} as happened_date,
    coalesce(
        activity.is_two_way,
        activity.activity_type in ('{{ threshold('roles.two_way_types') | join("', '") }}')
        or coalesce(activity.direction = 'both', false)
    ) as is_two_way
from {{ ref('activity') }} as activity
left join account on activity.account_id = account.account_key
