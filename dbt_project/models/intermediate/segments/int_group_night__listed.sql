select
    night.as_of_date,
    night.is_tonight,
    attributes.group_id,
    attributes.is_key_account,
    attributes.lifecycle
from {{ source('control', 'night') }} as night
inner join {{ ref('int_group_day__attributes') }} as attributes
    on night.as_of_date = attributes.day_date
left join {{ ref('int_group__dated') }} as dated
    on attributes.group_id = dated.group_id
where
    attributes.is_client
    and (attributes.is_key_account or night.is_month_end)
    and (night.is_tonight or coalesce(dated.first_known_date <= night.as_of_date, false))
