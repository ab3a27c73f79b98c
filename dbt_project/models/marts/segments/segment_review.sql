select
    review_date,
    rules_hash,
    cuts_hash,
    known_at,
    config_version,
    is_reconstructed
from {{ source('memory', 'segment_review') }}
union all
select
    review.review_date,
    {{ segment_rules_hash() }} as rules_hash,
    {{ segment_cuts_hash() }} as cuts_hash,
    run.known_at,
    run.config_version,
    not review.is_tonight as is_reconstructed
from {{ ref('int_review__listed') }} as review
cross join {{ source('control', 'run') }} as run
