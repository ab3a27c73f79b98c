with run as (

    select * from {{ source('control', 'run') }}

),

client as (

    select group_id from {{ ref('int_group__current') }}
    where not is_pseudo_member

),

waiting as (

    select * from {{ ref('segment_state') }}
    where valid_to_date is null

),

opened as (

    select
        decision.*,
        measured.potential_value_rc,
        measured.appetite_score,
        measured.impact_score,
        case
            when left(decision.segment_code, 2) not in ('P?', 'NE')
                then {{ boundary_distance('measured.potential_value_rc', 'cut') }}
        end as boundary_distance,
        case
            when measured.group_id is null
                then 'potential_value_rc:NEW;appetite_score:NEW;impact_score:NEW'
            else measured.missing_reason
        end as missing_reason,
        run.known_at,
        run.config_version,
        decision.valid_from_date < run.as_of_date as is_reconstructed
    from {{ source('scores', 'segment_decision') }} as decision
    cross join run
    left join {{ ref('int_group_review__measured') }} as measured
        on decision.group_id = measured.group_id and decision.valid_from_date = measured.review_date
    left join {{ ref('segment_review_cut') }} as cut
        on decision.valid_from_date = cut.review_date

),

every_row as (

    select * from {{ source('memory', 'segment_history') }}
    union all by name
    select * from opened

),

-- A row ends where the next one begins, or on the night its group is no more.
followed as (

    select
        every_row.* replace (
            coalesce(
                every_row.valid_to_date,
                lead(every_row.valid_from_date) over in_group,
                case when client.group_id is null then run.as_of_date end
            ) as valid_to_date
        ),
        lag(every_row.segment_code) over in_group as segment_before,
        lag(every_row.service_profile) over in_group as profile_before
    from every_row
    cross join run
    left join client on every_row.group_id = client.group_id
    window in_group as (
        partition by every_row.group_id order by every_row.valid_from_date nulls last
    )

)

select
    followed.group_id,
    followed.valid_from_date,
    followed.valid_to_date,
    followed.segment_code,
    followed.service_profile,
    followed.segment_before as previous_segment,
    followed.profile_before as previous_profile,
    followed.reason_code,
    followed.potential_value_rc,
    followed.appetite_score,
    followed.impact_score,
    followed.boundary_distance,
    waiting.pending_segment,
    waiting.pending_since_date,
    followed.decided_by,
    followed.missing_reason,
    followed.known_at,
    followed.config_version,
    followed.is_reconstructed
from followed
left join waiting
    on followed.group_id = waiting.group_id and followed.valid_to_date is null
