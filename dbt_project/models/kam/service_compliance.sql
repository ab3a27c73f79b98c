{%- set tolerance = threshold('service.compliance_tolerance') -%}
with standard as (

    select * from {{ ref('service_standard') }}

),

judged as (

    select
        measured.*,
        standard.department,
        standard.target,
        {{ worse_by('standard', 'measured.actual', 'standard.target') }} as gap,
        {{ worse_by('standard', 'measured.actual', 'standard.target') }} <= {{ tolerance }} as is_compliant,
        case
            when measured.actual is not null
                then coalesce(
                    {{ worse_by('higher', 'measured.actual', 'higher.target') }} < -{{ tolerance }}, false
                )
        end as is_over_served
    from {{ ref('int_element_month__measured') }} as measured
    inner join standard
        on
            measured.service_profile = standard.service_profile
            and measured.element_id = standard.element_id
            and {{ holds_on('standard', 'measured.last_date') }}
    left join standard as higher
        on
            case measured.service_profile
                when 'TRANSACTIONAL' then 'EFFICIENT'
                when 'EFFICIENT' then 'DEVELOP'
                when 'DEVELOP' then 'PARTNER'
                when 'NEW' then 'DEVELOP'
            end = higher.service_profile
            and measured.element_id = higher.element_id
            and {{ holds_on('higher', 'measured.last_date') }}
    where standard.target is not null

),

-- A compliant month begins a new count; one that cannot be told neither adds nor begins.
counted as (

    select
        *,
        count(*) filter (where is_compliant) over (
            partition by group_id, element_id order by month nulls last
        ) as count_number
    from judged

),

excused as (

    select
        judged.month,
        judged.group_id,
        judged.element_id,
        arg_max(
            request.exception_id,
            (coalesce(request.decided_at, request.requested_at), request.exception_id)
        ) as exception_id
    from judged
    inner join {{ ref('int_element__explained') }} as explained on judged.element_id = explained.element_id
    inner join {{ ref('int_exception__requested') }} as request
        on
            judged.group_id = request.group_id
            and explained.policy_area = request.policy_area
            and request.decision = 'approved'
            and coalesce(request.decided_date, request.requested_date) <= judged.last_date
            and coalesce(request.valid_until_date >= judged.month, true)
    where not judged.is_compliant
    group by judged.month, judged.group_id, judged.element_id

)

select
    counted.month, counted.group_id, counted.service_profile, counted.element_id, counted.department,
    counted.target, counted.actual, counted.is_compliant, counted.is_over_served, excused.exception_id,
    count(*) filter (where not counted.is_compliant) over (
        partition by counted.group_id, counted.element_id, counted.count_number order by counted.month nulls last
    ) as consecutive_breaches,
    counted.gap,
    counted.missing_reason
from counted
left join excused
    on
        counted.month = excused.month
        and counted.group_id = excused.group_id
        and counted.element_id = excused.element_id
