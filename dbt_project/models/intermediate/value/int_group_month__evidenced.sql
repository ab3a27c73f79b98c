select
    account.group_id,
    cast(date_trunc('month', event.event_date) as date) as month,
    count(*) filter (where event.event_type = 'joint_campaign') as joint_campaigns,
    count(*) filter (where event.event_type in ('co_branded_piece', 'award', 'case_study')) as image_evidence
from {{ ref('account_event') }} as event
inner join {{ ref('int_account__grouped') }} as account
    on event.account_id = account.account_key and account.account_kind = 'crm_account'
inner join {{ source('control', 'run') }} as run on event.event_date <= run.as_of_date
where event.event_type in ('joint_campaign', 'co_branded_piece', 'award', 'case_study')
group by account.group_id, month
