with review as (

    select * from {{ ref('int_review__dated') }}

),

account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

-- The latest score of each account, item and assessor by the review.
latest as (

    select
        account.group_id,
        item.dimension,
        assessment.account_id,
        assessment.item_id,
        assessment.assessor_person_id,
        assessment.score_1_5,
        review.review_date - assessment.assessed_date as age_days,
        coalesce(assessment.evidence_activity_id, assessment.evidence_note_id) is not null
            as has_evidence
    from {{ ref('assessment') }} as assessment
    inner join account on assessment.account_id = account.account_key
    inner join {{ source('config', 'assessment_item') }} as item
        on assessment.item_id = item.item_id
    inner join review on assessment.assessed_date <= review.review_date
    where
        item.dimension in ('relationship_appetite', 'impact_on_client')
        and assessment.score_1_5 is not null
    qualify
        row_number() over (
            partition by assessment.account_id, assessment.item_id, assessment.assessor_person_id
            order by assessment.assessed_date desc nulls last
        ) = 1

),

weighed as (

    select
        *,
        case
            when age_days > {{ threshold('missing.assessment_max_age_days') }} then 0.0
            else pow(0.5, age_days / {{ threshold('missing.assessment_half_life_days') }})
                * case
                    when has_evidence then 1.0
                    else {{ threshold('assessment.unsupported_weight') }}
                end
        end as weight
    from latest

),

scored as (

    select
        group_id,
        dimension,
        sum(weight * score_1_5 order by account_id, item_id, assessor_person_id)
        / nullif(sum(weight order by account_id, item_id, assessor_person_id), 0) as score
    from weighed
    group by group_id, dimension

)

select
    group_id,
    max(score) filter (where dimension = 'relationship_appetite') as appetite_score,
    max(score) filter (where dimension = 'impact_on_client') as impact_score,
    bool_or(dimension = 'relationship_appetite') as is_appetite_assessed,
    bool_or(dimension = 'impact_on_client') as is_impact_assessed
from scored
group by group_id
