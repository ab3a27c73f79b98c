{%- set max_age_days = threshold('missing.nps_max_age_days') -%}
with night as (

    select * from {{ source('control', 'night') }}
    where not is_reconstructed

),

account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

-- Answers without a name are one respondent of their account.
answer as (

    select
        night.as_of_date,
        account.group_id,
        coalesce(response.contact_id, 'unnamed of ' || response.account_id) as respondent_id,
        response.responded_date,
        response.nps,
        contact.decision_role
    from {{ ref('survey_response') }} as response
    inner join account on response.account_id = account.account_key
    inner join night on response.responded_date <= night.as_of_date
    left join {{ ref('contact') }} as contact on response.contact_id = contact.contact_id
    where response.nps is not null
    qualify
        row_number() over (
            partition by night.as_of_date, account.group_id, respondent_id
            order by response.responded_date desc nulls last, response.response_id nulls last
        ) = 1

),

weighed as (

    select
        *,
        as_of_date - responded_date <= {{ max_age_days }} as is_fresh,
        case
            when nps <= 6 then -100
            when nps <= 8 then 0
            else 100
        end as attitude,
        {{ mapped_number('decision_role', threshold('health.components.voice.role_weights'), 'other') }}
            as role_weight
    from answer

)

select
    as_of_date,
    group_id,
    count(*) filter (where is_fresh) as n_respondents,
    cast(sum(attitude * role_weight) filter (where is_fresh) as double)
    / cast(sum(role_weight) filter (where is_fresh) as double) as voice,
    max(responded_date) filter (where is_fresh) as newest_date
from weighed
group by as_of_date, group_id
