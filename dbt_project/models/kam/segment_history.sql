with run as (

    select * from {{ source('control', 'run') }}

),

decision as (

    select * from {{ ref('segment_decision') }}

),

client as (

    select group_id from {{ ref('int_group__current') }}
    where not is_pseudo_member

),

remembered as (

    select
        memory.* replace (
            case
                when memory.valid_to_date is not null then memory.valid_to_date
                when decision.group_id is not null then decision.valid_from_date
                when client.group_id is null then run.as_of_date
            end as valid_to_date
        )
    from {{ source('memory', 'segment_history') }} as memory
    cross join run
    left join decision on memory.group_id = decision.group_id
    left join client on memory.group_id = client.group_id

),

opened as (

    select
        decision.*,
        run.known_at,
        run.config_version,
        run.is_first_run and decision.valid_from_date < run.as_of_date as is_reconstructed
    from decision
    cross join run

)

select
    group_id,
    valid_from_date,
    valid_to_date,
    segment_code,
    service_profile,
    previous_segment,
    previous_profile,
    reason_code,
    potential_value_rc,
    appetite_score,
    impact_score,
    boundary_distance,
    case when valid_to_date is null then pending_segment end as pending_segment,
    case when valid_to_date is null then pending_since_date end as pending_since_date,
    decided_by,
    missing_reason,
    known_at,
    config_version,
    is_reconstructed
from remembered
union all
select
    group_id,
    valid_from_date,
    cast(null as date) as valid_to_date,
    segment_code,
    service_profile,
    previous_segment,
    previous_profile,
    reason_code,
    potential_value_rc,
    appetite_score,
    impact_score,
    boundary_distance,
    cast(null as varchar) as pending_segment,
    cast(null as date) as pending_since_date,
    decided_by,
    missing_reason,
    known_at,
    config_version,
    is_reconstructed
from opened
