select
    night.as_of_date,
    attributes.group_id,
    night.is_reconstructed,
    night.is_tonight,
    coalesce(attributes.lifecycle = 'new', false) as is_new
from {{ source('control', 'night') }} as night
inner join {{ ref('int_group_day__attributes') }} as attributes
    on night.as_of_date = attributes.day_date
where
    attributes.is_client
    and not attributes.is_prospect
    and (attributes.is_key_account or night.is_month_end)
