with listed as (

    {%- for element, areas in threshold('exceptions.explains').items() %}
    select
        '{{ element }}' as element_id,
        {{ text_list(areas) }} as policy_areas
    union all
    {%- endfor %}
    select
        cast(null as varchar) as element_id,
        cast(null as varchar[]) as policy_areas

)

select
    element_id,
    unnest(policy_areas) as policy_area
from listed
