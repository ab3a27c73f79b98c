{%- set dimensions = {
    'relationship_appetite': 'appetite', 'impact_on_client': 'impact', 'negotiation_profile': 'negotiation',
    'strategic_importance': 'strategic_importance', 'difficulty': 'difficulty'
} -%}
with day as (

    select as_of_date as day_date from {{ source('control', 'night') }}
    union
    select review_date as day_date from {{ ref('int_review__listed') }}

),

account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

-- The latest score of each account, item and assessor by the day.
latest as (

    select
        day.day_date,
        account.group_id,
        item.dimension,
        assessment.account_id,
        assessment.item_id,
        assessment.assessor_person_id,
        assessment.score_1_5,
        {{ assessment_weight('day.day_date - assessment.assessed_date', 'assessment') }} as weight
    from {{ ref('assessment') }} as assessment
    inner join account on assessment.account_id = account.account_key
    inner join {{ source('config', 'assessment_item') }} as item
        on assessment.item_id = item.item_id
    inner join day on assessment.assessed_date <= day.day_date
    qualify
        row_number() over (
            partition by
                day.day_date, assessment.account_id, assessment.item_id, assessment.assessor_person_id
            order by assessment.assessed_date desc nulls last
        ) = 1

),

scored as (

    select
        day_date,
        group_id,
        dimension,
        sum(weight * score_1_5 order by account_id, item_id, assessor_person_id)
        / nullif(sum(weight order by account_id, item_id, assessor_person_id), 0) as score
    from latest
    group by day_date, group_id, dimension

)

-- A dimension that was scored once and has no weight any more is stale; one that never was has no source.
select
    day_date,
    group_id,
    {%- for dimension, name in dimensions.items() %}
    max(score) filter (where dimension = '{{ dimension }}') as {{ name }}_score,
    case
        when count(score) filter (where dimension = '{{ dimension }}') > 0 then null
        when count(*) filter (where dimension = '{{ dimension }}') > 0 then 'STALE'
        else 'NO_SOURCE'
    end as {{ name }}_reason{{ "," if not loop.last }}
    {%- endfor %}
from scored
group by day_date, group_id
