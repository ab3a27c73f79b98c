select
    {{ native_id('employee_id') }} as person_id,
    {{ text('first_name') }} || ' ' || {{ text('last_name') }} as person_name,
    cast(null as varchar) as email,
    'Sales' as department,
    {{ native_id('reports_to') }} as manager_person_id,
    true as is_active,
    cast(null as date) as left_date,
    [{{ native_id('employee_id') }}] as sales_rep_ids,
    {{ lineage('employees') }},
    cast(null as varchar) as _reject
from {{ source('raw_northwind', 'employees') }}
where not _is_deleted
