select
    entity,
    bool_or(is_supplied) as is_supplied,
    bool_or(status = 'STALE' or (status = 'MISSING' and expected_date is not null)) as is_late
from {{ ref('int_feed__delivered') }}
group by entity
