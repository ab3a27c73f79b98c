with night as (

    select * from {{ source('control', 'night') }}
    where not is_reconstructed

),

account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

known as (

    select
        night.as_of_date,
        contact.contact_id,
        account.group_id,
        coalesce(contact.decision_role, 'unknown') as decision_role,
        contact.left_date,
        coalesce(contact.is_active, true)
        and coalesce(contact.left_date >= night.as_of_date, true) as is_active
    from {{ ref('contact') }} as contact
    inner join account on contact.account_id = account.account_key
    inner join night
        on coalesce(contact.created_date, night.as_of_date) <= night.as_of_date

),

met as (

    select
        participant.party_id as contact_id,
        activity.happened_date
    from {{ ref('activity_participant') }} as participant
    inner join {{ ref('int_activity__happened') }} as activity
        on participant.activity_id = activity.activity_id
    where
        participant.party_kind = 'contact'
        and activity.is_two_way

)

select
    known.as_of_date,
    known.contact_id,
    known.group_id,
    known.decision_role,
    known.left_date,
    known.is_active,
    max(met.happened_date) as last_two_way_date
from known
left join met
    on
        known.contact_id = met.contact_id
        and met.happened_date <= known.as_of_date
group by
    known.as_of_date,
    known.contact_id,
    known.group_id,
    known.decision_role,
    known.left_date,
    known.is_active
