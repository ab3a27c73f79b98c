with department as (

    select
        unnest(
            ['Sales', 'Marketing', 'Trade Marketing', 'Logistics', 'Finance', 'Production', 'Other']
        ) as department

),

spelling as (

    select lower(trim(alias)) as spelling, department, 1 as preference
    from {{ source('config', 'department_alias') }}
    union all
    select lower(department) as spelling, department, 2 as preference
    from department

)

select spelling, department
from spelling
qualify
    row_number() over (
        partition by spelling order by preference nulls last, department nulls last
    ) = 1
