with client as (

    {{ hubspot_primary(source('raw_hubspot', 'ticket_company'), '26') }}

),

sender as (

    {{ hubspot_primary(source('raw_hubspot', 'ticket_contact'), '16') }}

)

select
    {{ native_id('ticket.id') }} as case_id,
    {{ native_id('client.to_id') }} as account_id,
    {{ native_id('sender.to_id') }} as contact_id,
    {{ hubspot_utc('ticket.createdate') }} as opened_at,
    {{ hubspot_utc('ticket.first_agent_reply_date') }} as first_response_at,
    {{ hubspot_utc('ticket.closed_date') }} as closed_at,
    {{ text('ticket.department') }} as department,
    {{ text('ticket.hs_ticket_category') }} as category,
    {{ text('ticket.hs_ticket_priority') }} as severity,
    cast(null as bigint) as reopened_count,
    cast(null as boolean) as is_client_fault,
    {{ lineage('ticket', 'ticket') }},
    {{ first_reject([
        ('ticket.createdate', hubspot_utc('ticket.createdate'), 'TYPE', 'opened_at'),
        ('ticket.first_agent_reply_date', hubspot_utc('ticket.first_agent_reply_date'), 'TYPE', 'first_response_at'),
        ('ticket.closed_date', hubspot_utc('ticket.closed_date'), 'TYPE', 'closed_at'),
    ]) }} as _reject
from {{ source('raw_hubspot', 'ticket') }} as ticket
left join client on trim(ticket.id) = client.from_id
left join sender on trim(ticket.id) = sender.from_id
where not ticket._is_deleted
