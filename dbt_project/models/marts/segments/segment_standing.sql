with current_row as (

    select * from {{ source('memory', 'segment_history') }}
    where valid_to_date is null

),

waiting as (

    select * from {{ source('memory', 'segment_state') }}
    where valid_to_date is null

)

select
    client.group_id,
    current_row.segment_code,
    current_row.service_profile,
    current_row.valid_from_date,
    current_row.decided_by,
    current_row.potential_value_rc is not null as is_valued,
    waiting.pending_segment,
    waiting.pending_since_date,
    waiting.pending_reviews,
    waiting.held_profile,
    waiting.hold_reviews_left
from {{ ref('int_group__current') }} as client
left join current_row on client.group_id = current_row.group_id
left join waiting on client.group_id = waiting.group_id
where not client.is_pseudo_member
