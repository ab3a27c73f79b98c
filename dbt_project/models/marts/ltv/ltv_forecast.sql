with received as (

    select max(received_at) as last_received_at
    from {{ source('control', 'delivery') }}

),

made as (

    select * from {{ source('scores', 'ltv_forecast_made') }}

)

select
    as_of_date,
    group_id,
    outcome,
    horizon_months,
    mean,
    percentiles,
    last_received_at,
    known_at,
    config_version,
    is_reconstructed
from {{ source('memory', 'ltv_forecast') }}
where as_of_date not in (select made.as_of_date from made)
union all
select
    made.as_of_date,
    made.group_id,
    made.outcome,
    made.horizon_months,
    {{ known('made.mean') }} as mean,
    made.percentiles,
    received.last_received_at,
    run.known_at,
    run.config_version,
    false as is_reconstructed
from made
cross join received
cross join {{ source('control', 'run') }} as run
