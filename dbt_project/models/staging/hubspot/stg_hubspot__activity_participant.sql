with bond as (

    select *, 'call_contact' as _extract_name from {{ source('raw_hubspot', 'call_contact') }}
    union all by name
    select *, 'email_contact' as _extract_name from {{ source('raw_hubspot', 'email_contact') }}
    union all by name
    select *, 'meeting_contact' as _extract_name from {{ source('raw_hubspot', 'meeting_contact') }}
    union all by name
    select *, 'note_contact' as _extract_name from {{ source('raw_hubspot', 'note_contact') }}
    union all by name
    select *, 'task_contact' as _extract_name from {{ source('raw_hubspot', 'task_contact') }}

)

-- One bond may have several labels.
select
    {{ native_id('from_id') }} as activity_id,
    'contact' as party_kind,
    {{ native_id('to_id') }} as party_id,
    _extract_name,
    _delivery_id,
    _file_row,
    _extract_date,
    cast(null as varchar) as _reject
from bond
where not _is_deleted
qualify row_number() over (partition by from_id, to_id order by _extract_name, _file_row nulls last) = 1
