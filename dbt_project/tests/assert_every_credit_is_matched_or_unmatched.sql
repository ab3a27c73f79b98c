-- Over all months the matched and the unmatched credits of a client are its credits.
select
    group_id,
    sum(returns_credits_rc) as returns_credits_rc,
    sum(returns_matched_rc) + sum(returns_unmatched_rc) as returns_parts_rc
from {{ ref('account_pnl_monthly') }}
where group_id not in (
    select unknown.group_id from {{ ref('account_pnl_monthly') }} as unknown
    where unknown.returns_credits_rc is null
)
group by group_id
having sum(returns_credits_rc) <> sum(returns_matched_rc) + sum(returns_unmatched_rc)
