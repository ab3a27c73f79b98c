{%- set left_out = threshold('roles.decision_roles_left_out') -%}
with account as (

    select account_key, group_id from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

-- Whoever left without a date may have been gone before the answer.
decider as (

    select
        contact_id,
        case when is_active is false then coalesce(left_date, date '0001-01-01') end as left_date
    from {{ ref('contact') }}
    where decision_role not in ('{{ left_out | join("', '") }}')

),

answer as (

    select
        month.month,
        account.group_id,
        response.contact_id,
        response.responded_date,
        response.nps
    from {{ ref('survey_response') }} as response
    inner join account on response.account_id = account.account_key
    inner join {{ ref('int_value_month__listed') }} as month
        on
            response.responded_date <= month.last_date
            and month.last_date - response.responded_date <= {{ threshold('missing.nps_max_age_days') }}
    where response.nps is not null and response.contact_id is not null
    qualify
        row_number() over (
            partition by month.month, account.group_id, response.contact_id
            order by response.responded_date desc nulls last, response.response_id nulls last
        ) = 1

)

select
    answer.month,
    answer.group_id,
    count(*) as nps_respondents,
    sum(
        case
            when answer.nps <= 6 then -100
            when answer.nps <= 8 then 0
            else 100
        end
    ) / cast(count(*) as double) as attitude
from answer
inner join decider
    on
        answer.contact_id = decider.contact_id
        and coalesce(decider.left_date >= answer.responded_date, true)
group by answer.month, answer.group_id
