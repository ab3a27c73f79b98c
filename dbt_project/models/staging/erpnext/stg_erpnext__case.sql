with issue as (

    select
        *,
        {{ erpnext_utc("(trim(opening_date) || ' ' || coalesce(nullif(trim(opening_time), ''), '00:00:00'))") }}
            as opened_at,
        coalesce({{ text('resolution_date') }}, {{ text('sla_resolution_date') }}, {{ text('modified') }})
            as native_closed_at,
        trim(status) in ('Closed', 'Resolved') as is_closed
    from {{ source('raw_erpnext', 'issue') }}
    where not _is_deleted

)

-- Versions before 13 count minutes to the first response, later ones seconds.
select
    {{ native_id('name') }} as case_id,
    {{ native_id('customer') }} as account_id,
    cast(null as varchar) as contact_id,
    opened_at,
    coalesce(
        {{ erpnext_utc('first_responded_on') }},
        opened_at + to_seconds({{ erpnext_filled('first_response_time') }}),
        opened_at + to_seconds({{ erpnext_filled('mins_to_first_response') }} * 60)
    ) as first_response_at,
    case when is_closed then {{ erpnext_utc('native_closed_at') }} end as closed_at,
    cast(null as varchar) as department,
    {{ text('issue_type') }} as category,
    {{ text('priority') }} as severity,
    cast(null as bigint) as reopened_count,
    cast(null as boolean) as is_client_fault,
    {{ lineage('issue') }},
    {{ first_reject([
        ('opening_date', 'opened_at', 'TYPE', 'opened_at'),
        ('first_responded_on', erpnext_utc('first_responded_on'), 'TYPE', 'first_response_at'),
        ("case when is_closed then native_closed_at end", 'closed_at', 'TYPE', 'closed_at'),
    ]) }} as _reject
from issue
