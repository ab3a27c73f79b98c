with run as (

    select as_of_date from {{ source('control', 'run') }}

),

account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

dated as (

    select
        assessment.*,
        run.as_of_date,
        coalesce(account.group_id, 'UNMAPPED') as group_id,
        item.dimension,
        row_number() over (
            partition by assessment.account_id, assessment.item_id, assessment.assessor_person_id
            order by assessment.assessed_date desc nulls last
        ) = 1 as is_latest
    from {{ ref('assessment') }} as assessment
    inner join run on assessment.assessed_date <= run.as_of_date
    inner join {{ source('config', 'assessment_item') }} as item on assessment.item_id = item.item_id
    left join account on assessment.account_id = account.account_key

),

-- A person's department on a day is the one in the account's team, else the person's own.
placed as (

    select
        dated.*,
        coalesce(of_team.department, of_person.department, 'Other') as assessor_department
    from dated
    left join {{ ref('account_team') }} as team
        on
            dated.account_id = team.account_id
            and dated.assessor_person_id = team.person_id
            and team.department is not null
            and dated.assessed_date between team.valid_from and coalesce(team.valid_to, date '9999-12-31')
    left join {{ ref('int_department__aliased') }} as of_team
        on lower(trim(team.department)) = of_team.spelling
    left join {{ ref('person') }} as person on dated.assessor_person_id = person.person_id
    left join {{ ref('int_department__aliased') }} as of_person
        on lower(trim(person.department)) = of_person.spelling
    qualify
        row_number() over (
            partition by
                dated.account_id, dated.item_id, dated.assessor_person_id, dated.assessed_date
            order by team.valid_from desc nulls last, team.role nulls last
        ) = 1

),

weighed as (

    select
        *,
        case
            when is_latest then {{ assessment_weight('as_of_date - assessed_date', 'placed') }}
            else 0.0
        end as weight_today
    from placed

),

compared as (

    select
        *,
        case
            when count(distinct assessor_person_id) filter (where weight_today > 0) over of_item > 1
                then cast(
                    max(score_1_5) filter (where weight_today > 0) over of_item
                    - min(score_1_5) filter (where weight_today > 0) over of_item as double
                )
        end as disagreement
    from weighed
    window of_item as (partition by group_id, item_id)

)

select
    account_id,
    group_id,
    item_id,
    dimension,
    score_1_5,
    assessor_person_id,
    assessor_department,
    assessed_date,
    evidence_activity_id,
    evidence_note_id,
    is_latest,
    weight_today,
    disagreement,
    disagreement >= {{ threshold('assessment.dispute_range') }} as is_disputed,
    case when disagreement is null then 'disagreement:TOO_FEW;is_disputed:TOO_FEW' end as missing_reason
from compared
