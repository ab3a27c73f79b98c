with run as (

    select
        night.as_of_date,
        night.is_first_run,
        review.review_date,
        (
            select max(remembered.as_of_date) from {{ source('memory', 'freshness') }} as remembered
        ) as previous_night_date
    from {{ source('control', 'run') }} as night
    inner join {{ ref('int_review__dated') }} as review
        on night.as_of_date = review.as_of_date

),

current_row as (

    select
        *,
        split_part(segment_code, '-', 1) as tier,
        split_part(segment_code, '-', 2) as appetite,
        split_part(segment_code, '-', 3) as impact
    from {{ source('memory', 'segment_history') }}
    where valid_to_date is null

),

candidate as (

    select
        *,
        split_part(segment_code, '-', 1) as tier,
        split_part(segment_code, '-', 2) as appetite,
        split_part(segment_code, '-', 3) as impact
    from {{ ref('int_group_review__profiled') }}

),

-- On the first run first sight is the first review; later it opens NEW, and the next review classifies.
first_sight as (

    select
        candidate.group_id,
        case
            when run.is_first_run
                and coalesce(candidate.first_known_date, run.review_date) <= run.review_date
                then run.review_date
            else run.as_of_date
        end as valid_from_date,
        case when run.is_first_run then candidate.segment_code else 'NEW' end as segment_code,
        case when run.is_first_run then candidate.service_profile else 'NEW' end as service_profile,
        cast(null as varchar) as previous_segment,
        cast(null as varchar) as previous_profile,
        case
            when run.is_first_run and candidate.is_overridden then 'REVIEW_OVERRIDE'
            else 'NEW'
        end as reason_code,
        case when run.is_first_run then candidate.potential_value_rc end as potential_value_rc,
        case when run.is_first_run then candidate.appetite_score end as appetite_score,
        case when run.is_first_run then candidate.impact_score end as impact_score,
        case when run.is_first_run then candidate.boundary_distance end as boundary_distance,
        case when run.is_first_run then candidate.decided_by else 'rule' end as decided_by,
        case
            when run.is_first_run then candidate.missing_reason
            else 'potential_value_rc:NEW;appetite_score:NEW;impact_score:NEW'
        end as missing_reason
    from candidate
    cross join run
    left join current_row on candidate.group_id = current_row.group_id
    where current_row.group_id is null

),

-- A review decided on an earlier night is never decided again.
changed as (

    select
        candidate.group_id,
        run.review_date as valid_from_date,
        candidate.segment_code,
        candidate.service_profile,
        current_row.segment_code as previous_segment,
        current_row.service_profile as previous_profile,
        case
            when candidate.is_overridden then 'REVIEW_OVERRIDE'
            when current_row.reason_code = 'REVIEW_OVERRIDE' then 'OVERRIDE_ENDED'
            when 'NEW' in (candidate.segment_code, current_row.segment_code) then 'NEW'
            when candidate.tier <> current_row.tier
                then case
                    when current_row.tier = 'P?' then 'WALLET_KNOWN'
                    when candidate.tier = 'P?' then 'WALLET_EXPIRED'
                    when candidate.tier < current_row.tier then 'POTENTIAL_UP'
                    else 'POTENTIAL_DOWN'
                end
            when candidate.appetite <> current_row.appetite then 'APPETITE'
            when candidate.impact <> current_row.impact then 'IMPACT'
            else 'CONFIG'
        end as reason_code,
        candidate.potential_value_rc,
        candidate.appetite_score,
        candidate.impact_score,
        candidate.boundary_distance,
        candidate.decided_by,
        candidate.missing_reason
    from candidate
    cross join run
    inner join current_row on candidate.group_id = current_row.group_id
    where
        run.review_date > run.previous_night_date
        and run.review_date > current_row.valid_from_date
        and (
            candidate.segment_code <> current_row.segment_code
            or candidate.service_profile <> current_row.service_profile
        )

)

select * from first_sight
union all
select * from changed
