with night as (

    select * from {{ ref('int_portfolio_night__windowed') }}

),

account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

-- Decision roles carry no dates: what was a decision maker's answer on a past night cannot be told.
answer as (

    select
        night.as_of_date,
        account.group_id,
        response.nps,
        night.as_of_date - response.responded_date as age_days
    from {{ ref('survey_response') }} as response
    inner join account on response.account_id = account.account_key
    inner join night
        on response.responded_date <= night.as_of_date and not night.is_reconstructed
    inner join {{ ref('contact') }} as contact
        on
            response.contact_id = contact.contact_id
            and contact.decision_role
            not in ('{{ threshold('roles.decision_roles_left_out') | join("', '") }}')
    where response.nps is not null
    qualify
        row_number() over (
            partition by night.as_of_date, account.group_id, response.contact_id
            order by response.responded_date desc nulls last, response.response_id nulls last
        ) = 1

),

detractor as (

    select
        as_of_date,
        group_id,
        'detractor' as sign
    from answer
    where nps <= 6 and age_days <= {{ threshold('missing.nps_max_age_days') }}

),

competitor as (

    select
        night.as_of_date,
        account.group_id,
        'competitor' as sign
    from night
    inner join {{ ref('environment_note') }} as note
        on note.theme = 'competitor' and note.noted_date between night.stage_from_date and night.as_of_date
    inner join account on note.account_id = account.account_key

),

warned as (

    select * from detractor
    union all
    select * from competitor

)

select
    as_of_date,
    group_id,
    bool_or(sign = 'detractor') as is_detractor,
    bool_or(sign = 'competitor') as is_competitor
from warned
group by as_of_date, group_id
