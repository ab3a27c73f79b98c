select
    cut_date,
    tier,
    value_rc,
    n,
    freeze_reason,
    missing_reason,
    known_at,
    config_version,
    is_reconstructed
from {{ source('memory', 'segment_cut') }}
union all
select
    frozen.cut_date,
    frozen.tier,
    frozen.value_rc,
    frozen.n,
    frozen.freeze_reason,
    frozen.missing_reason,
    run.known_at,
    run.config_version,
    frozen.cut_date < run.as_of_date as is_reconstructed
from {{ ref('int_segment_cut__frozen') }} as frozen
cross join {{ source('control', 'run') }} as run
