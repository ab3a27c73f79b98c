select
    night.as_of_date,
    account.group_id,
    decision.decided_by_person_id,
    decision.decided_date
from {{ ref('programme_decision') }} as decision
inner join {{ ref('int_account__grouped') }} as account
    on decision.account_id = account.account_key and account.account_kind = 'crm_account'
inner join {{ source('control', 'night') }} as night
    on decision.decided_date <= night.as_of_date
qualify
    row_number() over (
        partition by night.as_of_date, account.group_id
        order by decision.decided_date desc nulls last, decision.account_id desc nulls last
    ) = 1
