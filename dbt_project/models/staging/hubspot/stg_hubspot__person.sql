select
    {{ native_id('id') }} as person_id,
    nullif(concat_ws(' ', {{ text('firstName') }}, {{ text('lastName') }}), '') as person_name,
    lower({{ text('email') }}) as email,
    cast(null as varchar) as department,
    cast(null as varchar) as manager_person_id,
    not coalesce({{ parsed_boolean('archived') }}, false) as is_active,
    cast(null as date) as left_date,
    cast(null as varchar[]) as sales_rep_ids,
    {{ lineage('owner') }},
    cast(null as varchar) as _reject
from {{ source('raw_hubspot', 'owner') }}
where not _is_deleted
