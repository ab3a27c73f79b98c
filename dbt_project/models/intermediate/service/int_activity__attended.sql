with participant as (

    select
        happened.activity_id,
        happened.account_id,
        happened.group_id,
        happened.activity_type,
        happened.happened_date,
        happened.is_two_way,
        participant.party_id as person_id
    from {{ ref('int_activity__happened') }} as happened
    inner join {{ ref('activity_participant') }} as participant
        on
            happened.activity_id = participant.activity_id
            and participant.party_kind = 'person'

),

placed as (

    select
        participant.*,
        {{ person_department('team', 'person') }} as department
    from participant
    left join {{ ref('person') }} as person on participant.person_id = person.person_id
    left join {{ ref('account_team') }} as team
        on
            participant.account_id = team.account_id
            and participant.person_id = team.person_id
            and {{ team_holds_on('team', 'participant.happened_date') }}
    qualify
        row_number() over (
            partition by participant.activity_id, participant.person_id
            order by team.valid_from desc nulls last, team.role nulls last
        ) = 1

)

select distinct
    placed.activity_id,
    placed.group_id,
    placed.activity_type,
    placed.happened_date,
    placed.is_two_way,
    coalesce(aliased.department, 'Other') as department
from placed
left join {{ ref('int_department__aliased') }} as aliased
    on lower(trim(placed.department)) = aliased.spelling
