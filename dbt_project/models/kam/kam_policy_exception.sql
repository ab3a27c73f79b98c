with standard as (

    select * from {{ ref('service_standard') }}
    where element_id = 'EXCEPTION_ANSWER_HOURS'

)

select
    request.exception_id,
    request.group_id,
    request.requested_at,
    request.requested_by_person_id,
    request.policy_area,
    request.approving_department,
    request.decided_at,
    request.decision,
    case when request.decision in ('approved', 'rejected') then request.hours_waiting end as hours_to_decision,
    request.hours_waiting,
    request.hours_waiting > standard.target as is_answer_late,
    request.cost_rc,
    request.valid_until_date,
    request.valid_until_date is not null as has_end_date,
    request.service_profile,
    request.is_within_budget,
    request.reopened_count,
    nullif(concat_ws(
        ';',
        case when request.requested_by_person_id is null then 'requested_by_person_id:NO_SOURCE' end,
        case
            when request.decision in ('approved', 'rejected') and request.decided_at is null
                then 'decided_at:NO_SOURCE;hours_to_decision:NO_SOURCE'
        end,
        case when request.hours_waiting is null then 'hours_waiting:NO_SOURCE' end,
        case
            when request.service_profile = 'UNMAPPED' then 'is_answer_late:NO_HISTORY'
            when request.hours_waiting is null and standard.target is not null then 'is_answer_late:NO_SOURCE'
        end,
        case when request.cost_rc is null then 'cost_rc:NO_SOURCE' end,
        case
            when request.service_profile = 'UNMAPPED' and request.decision in ('approved', 'pending')
                then 'is_within_budget:NO_HISTORY'
        end,
        case when request.reopened_count is null then 'reopened_count:NO_SOURCE' end
    ), '') as missing_reason
from {{ ref('int_exception__budgeted') }} as request
left join standard
    on
        request.service_profile = standard.service_profile
        and {{ holds_on('standard', 'request.requested_date') }}
