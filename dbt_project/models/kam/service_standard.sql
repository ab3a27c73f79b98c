select
    service_profile,
    element_id,
    department,
    target,
    comparator,
    unit,
    valid_from as valid_from_date,
    lead(valid_from) over (
        partition by service_profile, element_id order by valid_from nulls last
    ) as valid_to_date
from {{ source('config', 'service_standard') }}
