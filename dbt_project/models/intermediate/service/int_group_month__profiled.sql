select
    month.month,
    month.last_date,
    client.group_id,
    segment.service_profile,
    client.tenure_start_date
from {{ ref('int_service_month__listed') }} as month
cross join {{ ref('dim_account_group') }} as client
inner join {{ ref('dim_account_group_history') }} as state
    on
        client.group_id = state.group_id
        and {{ holds_on('state', 'month.last_date') }}
inner join {{ ref('segment_history') }} as segment
    on
        client.group_id = segment.group_id
        and {{ holds_on('segment', 'month.last_date') }}
where
    not client.is_pseudo_member
    and state.lifecycle in ('new', 'active', 'dormant')
