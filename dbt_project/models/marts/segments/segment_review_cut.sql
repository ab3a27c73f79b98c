with last_review as (

    select arg_max(rules_hash, review_date) as rules_hash
    from {{ source('memory', 'segment_review') }}

)

select
    review.review_date,
    coalesce(review.is_first and last_review.rules_hash <> {{ segment_rules_hash() }}, false)
        as is_config_changed,
    cut.first_cut_rc,
    cut.second_cut_rc,
    cut.first_cut_before_rc,
    cut.second_cut_before_rc
from {{ ref('int_review__listed') }} as review
cross join last_review
asof left join {{ ref('int_segment_cut__compared') }} as cut
    on review.review_date >= cut.cut_date
