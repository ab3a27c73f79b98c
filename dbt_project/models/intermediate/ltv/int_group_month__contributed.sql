select
    group_id,
    month,
    case when count(*) = count(contribution_rc) then sum(contribution_rc) end as contribution_rc
from {{ ref('account_pnl_monthly') }}
group by group_id, month
