with required as (

    select * from {{ ref('int_role_night__covered') }}

),

met as (

    select distinct
        contact.party_id as contact_id,
        person.party_id as person_id,
        activity.happened_date
    from {{ ref('int_activity__happened') }} as activity
    inner join {{ ref('activity_participant') }} as contact
        on
            activity.activity_id = contact.activity_id
            and contact.party_kind = 'contact'
    inner join {{ ref('activity_participant') }} as person
        on
            activity.activity_id = person.activity_id
            and person.party_kind = 'person'
    where activity.is_two_way

)

select distinct
    required.as_of_date,
    required.group_id,
    required.decision_role,
    met.person_id
from required
inner join {{ ref('int_contact_night__linked') }} as contact
    on
        required.as_of_date = contact.as_of_date
        and required.group_id = contact.group_id
        and required.decision_role = contact.decision_role
        and contact.is_active
inner join met
    on
        contact.contact_id = met.contact_id
        and met.happened_date <= required.as_of_date
        and met.happened_date > required.as_of_date - {{ threshold('knowledge.link_window_days') }}
left join {{ ref('person') }} as person on met.person_id = person.person_id
where coalesce(person.left_date >= required.as_of_date, person.is_active, true)
