with task as (

    select
        *,
        'Task' as extract_name,
        coalesce({{ text('Type') }}, {{ text('TaskSubtype') }}, 'Task') as native_type,
        ActivityDate as native_moment,
        {{ local_noon(parsed_date('ActivityDate')) }} as happened_at,
        {{ parsed_integer('CallDurationInSeconds') }} as seconds
    from {{ source('raw_salesforce', 'task') }}
    where not _is_deleted and (lower(trim(IsClosed)) = 'true' or trim(Status) = 'Completed')

),

event as (

    select
        *,
        'Event' as extract_name,
        coalesce({{ text('Type') }}, 'Event') as native_type,
        coalesce({{ text('StartDateTime') }}, ActivityDate) as native_moment,
        case
            when {{ text('StartDateTime') }} is not null then {{ parsed_utc('StartDateTime') }}
            else {{ local_noon(parsed_date('ActivityDate')) }}
        end as happened_at,
        coalesce(
            60 * {{ parsed_integer('DurationInMinutes') }},
            date_diff('second', {{ parsed_utc('StartDateTime') }}, {{ parsed_utc('EndDateTime') }})
        ) as seconds
    from {{ source('raw_salesforce', 'event') }}
    where not _is_deleted and coalesce(lower(trim(IsChild)), 'false') <> 'true'

),

activity as (

    select * from task
    union all by name
    select * from event

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
    {{ salesforce_key('activity.Id') }} as activity_id,
    coalesce({{ salesforce_key('activity.AccountId') }}, {{ salesforce_key('activity.WhatId', '001') }}) as account_id,
    activity.happened_at,
    {{ parsed_utc('activity.CreatedDate') }} as logged_at,
    coalesce(exact_type.activity_type, any_type.activity_type, 'other') as activity_type,
    case
        when {{ label_code('activity.Direction__c') }} in ('inbound', 'outbound', 'both')
            then {{ label_code('activity.Direction__c') }}
    end as direction,
    cast(null as boolean) as is_two_way,
    case
        when {{ label_code('activity.Subject_Class__c') }} in (
            'technical', 'commercial', 'personal', 'behavioural', 'environment', 'service'
        ) then {{ label_code('activity.Subject_Class__c') }}
    end as subject_class,
    {{ text('activity.Subject') }} as subject,
    (activity.seconds + 30) // 60 as duration_minutes,
    {{ salesforce_key('activity.CreatedById') }} as logged_by_person_id,
    cast(null as varchar) as plan_item_id,
    {{ salesforce_key('activity.WhatId', '500') }} as case_id,
    {{ salesforce_key('activity.WhatId', '006') }} as opportunity_id,
    activity.extract_name as _extract_name,
    activity._delivery_id,
    activity._file_row,
    activity._extract_date,
    {{ first_reject([
        ('activity.native_moment', 'activity.happened_at', 'TYPE', 'happened_at'),
        ('activity.CreatedDate', 'logged_at', 'TYPE', 'logged_at'),
    ]) }} as _reject
from activity
left join type_map as exact_type
    on lower(activity.extract_name || ':' || activity.native_type) = exact_type.native_type
left join type_map as any_type on lower(activity.native_type) = any_type.native_type
where not ({{ text('activity.AccountId') }} is null and coalesce(activity.WhoId like '00Q%', false))
