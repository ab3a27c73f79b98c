with activity as (

    {{ hubspot_activity(
        'call', source('raw_hubspot', 'call'), text('hs_call_title'),
        direction=text('hs_call_direction'), seconds=parsed_integer('hs_call_duration') ~ ' // 1000'
    ) }}
    union all
    {{ hubspot_activity(
        'email', source('raw_hubspot', 'email'), text('hs_email_subject'), direction=text('hs_email_direction')
    ) }}
    union all
    -- A meeting that is only planned, was moved or did not take place is none.
    {{ hubspot_activity(
        'meeting', source('raw_hubspot', 'meeting'), text('hs_meeting_title'),
        seconds="date_diff('second', " ~ hubspot_utc('hs_meeting_start_time') ~ ', '
            ~ hubspot_utc('hs_meeting_end_time') ~ ')',
        moment='hs_meeting_start_time'
    ) }}
        and coalesce(upper(trim(hs_meeting_outcome)), '') not in ('CANCELED', 'NO_SHOW', 'RESCHEDULED')
        and coalesce({{ local_date(hubspot_utc('hs_meeting_start_time')) }} <= _extract_date, true)
    union all
    {{ hubspot_activity('note', source('raw_hubspot', 'note'), 'cast(null as varchar)') }}
    union all
    {{ hubspot_activity('task', source('raw_hubspot', 'task'), text('hs_task_subject')) }}
        and upper(trim(hs_task_status)) = 'COMPLETED'

),

bond as (

    select * from {{ source('raw_hubspot', 'call_company') }}
    union all by name
    select * from {{ source('raw_hubspot', 'email_company') }}
    union all by name
    select * from {{ source('raw_hubspot', 'meeting_company') }}
    union all by name
    select * from {{ source('raw_hubspot', 'note_company') }}
    union all by name
    select * from {{ source('raw_hubspot', 'task_company') }}

),

client as (

    {{ hubspot_primary('bond', 'none') }}

),

type_map as (

    select
        lower(native_type) as native_type,
        min(activity_type) as activity_type
    from {{ source('config', 'activity_type_map') }}
    where source_system = '{{ source_system() }}'
    group by all

)

select
    {{ native_id('activity.id') }} as activity_id,
    {{ native_id('client.to_id') }} as account_id,
    activity.happened_at,
    activity.logged_at,
    coalesce(
        type_map.activity_type,
        case when activity.kind in ('call', 'email', 'meeting', 'task') then activity.kind else 'other' end
    ) as activity_type,
    case upper(activity.direction)
        when 'INBOUND' then 'inbound'
        when 'INCOMING_EMAIL' then 'inbound'
        when 'OUTBOUND' then 'outbound'
        when 'EMAIL' then 'outbound'
        when 'FORWARDED_EMAIL' then 'outbound'
    end as direction,
    cast(null as boolean) as is_two_way,
    cast(null as varchar) as subject_class,
    activity.title as subject,
    (activity.seconds + 30) // 60 as duration_minutes,
    {{ native_id('activity.owner') }} as logged_by_person_id,
    cast(null as varchar) as plan_item_id,
    cast(null as varchar) as case_id,
    cast(null as varchar) as opportunity_id,
    activity._extract_name,
    activity._delivery_id,
    activity._file_row,
    activity._extract_date,
    {{ first_reject([('activity.native_moment', 'activity.happened_at', 'TYPE', 'happened_at')]) }} as _reject
from activity
left join client on activity.id = client.from_id
left join type_map on activity.kind = type_map.native_type
-- What concerns no company (a note on a lead) is no contact with a client.
where client.to_id is not null
