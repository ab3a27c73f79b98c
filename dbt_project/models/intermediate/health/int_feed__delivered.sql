with delivery as (

    select
        *,
        delivery_id is null and expected_date is not null as is_never_delivered,
        coalesce(greatest(0, expected_date - extract_date), 0) as days_late
    from {{ source('control', 'delivery') }}

)

-- The extract that keeps the feed back the most speaks for all of it.
select
    source_system,
    entity,
    bool_or(is_required) over feed as is_required,
    bool_or(is_supplied) over feed as is_supplied,
    delivery_id as last_delivery_id,
    extract_date as last_extract_date,
    received_at as last_received_at,
    expected_date,
    case when extract_date is not null then days_late end as days_late,
    case
        when extract_date is null then 'MISSING'
        when days_late > 0 then 'STALE'
        else 'FRESH'
    end as status
from delivery
window feed as (partition by source_system, entity)
qualify
    row_number() over (
        partition by source_system, entity
        order by
            is_never_delivered desc nulls last,
            days_late desc nulls last,
            extract_date asc nulls last,
            extract_name nulls last
    ) = 1
