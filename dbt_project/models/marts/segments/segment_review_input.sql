with review as (

    select * from {{ ref('int_review__listed') }}

),

waiting as (

    select * from {{ source('memory', 'segment_state') }}
    where valid_to_date is null

),

-- A move acts at the first review on or after the night it was seen on.
move as (

    select
        review.review_date,
        waiting.group_id,
        waiting.is_merged,
        waiting.part_profile
    from waiting
    inner join review on review.is_first
    where waiting.is_moved
    union all
    select
        review.review_date,
        found.group_id,
        found.is_merged,
        found.part_profile
    from {{ ref('int_group_move__found') }} as found
    inner join review on review.is_tonight

),

due as (

    select
        review_date,
        group_id,
        bool_or(is_merged) as is_merged,
        {{ best_profile('part_profile') }} as part_profile
    from move
    group by review_date, group_id

)

select
    measured.review_date,
    measured.group_id,
    measured.is_seen,
    measured.is_new,
    measured.potential_value_rc is not null as has_potential,
    cast(coalesce(measured.potential_value_rc, 0) * 100 as bigint) as potential_cents,
    measured.appetite_score is not null as has_appetite,
    {{ billionths('measured.appetite_score') }} as appetite_billionths,
    measured.impact_score is not null as has_impact,
    {{ billionths('measured.impact_score') }} as impact_billionths,
    overridden.service_profile as override_profile,
    overridden.decided_by_person_id as override_by,
    coalesce(due.is_merged, false) as is_merged,
    due.group_id is not null as is_moved,
    due.part_profile
from {{ ref('int_group_review__measured') }} as measured
left join {{ ref('int_group_review__overridden') }} as overridden
    on measured.review_date = overridden.review_date and measured.group_id = overridden.group_id
left join due
    on measured.review_date = due.review_date and measured.group_id = due.group_id
