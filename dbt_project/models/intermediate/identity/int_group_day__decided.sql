with day as (

    select * from {{ ref('int_day__listed') }}

),

member as (

    select account_key as account_id, group_id
    from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

decision as (

    select
        day.day_date,
        member.group_id,
        decision.is_key_account
    from {{ ref('programme_decision') }} as decision
    inner join member on decision.account_id = member.account_id
    inner join day on decision.decided_date <= day.day_date
    qualify
        row_number() over (
            partition by day.day_date, member.group_id
            order by decision.decided_date desc nulls last, decision.account_id desc nulls last
        ) = 1

),

stated as (

    select
        member.group_id,
        account.is_key_account,
        account.key_account_from,
        account.key_account_to,
        account.key_account_from is null and account.key_account_to is null as is_undated
    from {{ ref('account') }} as account
    inner join member on account.account_id = member.account_id

),

-- Dates win over the bare flag. The flag carries no date: it holds on the night of the run, and
-- on earlier days where a publication said so.
flagged as (

    select
        day.day_date,
        stated.group_id,
        bool_or(
            case
                when stated.is_undated
                    then day.is_tonight or coalesce(remembered.is_key_account, false)
                else day.day_date between coalesce(stated.key_account_from, date '1900-01-01')
                    and coalesce(stated.key_account_to, date '9999-12-31')
            end
        ) as is_key_account
    from stated
    cross join day
    left join {{ ref('int_group_day__remembered') }} as remembered
        on day.day_date = remembered.day_date
        and stated.group_id = remembered.group_id
    where stated.is_key_account or not stated.is_undated
    group by day.day_date, stated.group_id

)

select
    coalesce(decision.day_date, flagged.day_date) as day_date,
    coalesce(decision.group_id, flagged.group_id) as group_id,
    coalesce(decision.is_key_account, flagged.is_key_account) as is_key_account
from decision
full outer join flagged
    on decision.day_date = flagged.day_date
    and decision.group_id = flagged.group_id
