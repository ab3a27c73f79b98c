{%- set fall = (threshold('portfolio.stage.share_fall') * 1000000000) | round | int -%}
with client as (

    select * from {{ ref('int_client_night__opened') }}

),

account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

potential as (

    select * from {{ ref('account_potential') }}
    where category = 'ALL'

),

coverage as (

    select * from {{ ref('health_component') }}
    where component = 'role_coverage'

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
    inner join {{ ref('int_portfolio_night__windowed') }} as night
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

    select distinct as_of_date, group_id
    from answer
    where nps <= 6 and age_days <= {{ threshold('missing.nps_max_age_days') }}

),

competitor as (

    select distinct night.as_of_date, account.group_id
    from {{ ref('int_portfolio_night__windowed') }} as night
    inner join {{ ref('environment_note') }} as note
        on note.theme = 'competitor' and note.noted_date between night.stage_from_date and night.as_of_date
    inner join account on note.account_id = account.account_key

)

select
    client.as_of_date,
    client.group_id,
    potential.share_of_wallet,
    coalesce(
        potential.wallet_source = earlier.wallet_source
        and {{ billionths('earlier.share_of_wallet') }} - {{ billionths('potential.share_of_wallet') }} >= {{ fall }}
        and potential.share_of_wallet is not null,
        false
    ) as is_share_falling,
    coalesce(
        earlier_coverage.raw_value > 0
        and coverage.raw_value
        <= {{ threshold('portfolio.stage.roles_fall_to') }} * earlier_coverage.raw_value,
        false
    ) as is_roles_falling,
    detractor.group_id is not null as is_detractor,
    competitor.group_id is not null as is_competitor
from client
asof left join potential
    on client.group_id = potential.group_id and client.as_of_date >= potential.as_of_date
asof left join potential as earlier
    on client.group_id = earlier.group_id and client.compared_date >= earlier.as_of_date
asof left join coverage
    on client.group_id = coverage.group_id and client.as_of_date >= coverage.as_of_date
asof left join coverage as earlier_coverage
    on client.group_id = earlier_coverage.group_id and client.compared_date >= earlier_coverage.as_of_date
left join detractor
    on client.as_of_date = detractor.as_of_date and client.group_id = detractor.group_id
left join competitor
    on client.as_of_date = competitor.as_of_date and client.group_id = competitor.group_id
