with named as (

    select
        sales_agent as person_name,
        {{ text('manager') }} as manager_name,
        _delivery_id,
        _file_row,
        _extract_date
    from {{ source('raw_maven_crm', 'sales_teams') }}
    where not _is_deleted
    union all
    select
        manager as person_name,
        null as manager_name,
        min(_delivery_id) as _delivery_id,
        min(_file_row) as _file_row,
        min(_extract_date) as _extract_date
    from {{ source('raw_maven_crm', 'sales_teams') }}
    where
        not _is_deleted
        and {{ text('manager') }} is not null
        and manager not in (select sales_agent from {{ source('raw_maven_crm', 'sales_teams') }})
    group by manager

)

select
    {{ native_id('person_name') }} as person_id,
    {{ text('person_name') }} as person_name,
    cast(null as varchar) as email,
    'Sales' as department,
    {{ native_id('manager_name') }} as manager_person_id,
    true as is_active,
    cast(null as date) as left_date,
    cast(null as varchar[]) as sales_rep_ids,
    {{ lineage('sales_teams') }},
    cast(null as varchar) as _reject
from named
