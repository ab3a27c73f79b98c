with judged as (

    select
        event.*,
        estimate.* exclude (event_id),
        case
            when estimate.verdict = 'ESTIMATED' and estimate.outcome = 'log_net_revenue'
                then cast(round((exp(estimate.effect) - 1) * estimate.base_rc, 2) as decimal(18, 2))
        end as value_rc
    from {{ ref('int_event__anchored') }} as event
    inner join {{ source('scores', 'halo_estimate') }} as estimate on event.event_id = estimate.event_id

)

select
    event_id,
    anchor_group_id,
    event_type,
    event_date,
    region,
    category,
    outcome,
    exposed_n,
    control_n,
    placebo_n,
    effect,
    effect_lo,
    effect_hi,
    pretrend_p,
    value_rc,
    verdict,
    -- Without an effect of its own, or none proven, an outcome has no value to miss: the verdict says so.
    nullif(concat_ws(
        ';',
        case when region is null then 'region:NO_SOURCE' end,
        {%- for column in ['exposed_n', 'control_n', 'placebo_n', 'effect', 'effect_lo', 'effect_hi', 'pretrend_p'] %}
        case when {{ column }} is null then {{ missing_pair(column, 'reason') }} end,
        {%- endfor %}
        case
            when outcome = 'log_net_revenue' and value_rc is null and verdict = 'TOO_FEW' then 'value_rc:' || reason
            when outcome = 'log_net_revenue' and value_rc is null and verdict = 'ESTIMATED' then 'value_rc:NO_SOURCE'
        end
    ), '') as missing_reason
from judged
