with listed as (

    select * from {{ ref('int_reference__listed') }}

),

orphan as (

    {%- for entity, column, parent, key, money in references() %}
    select
        '{{ entity }}' as entity,
        '{{ column }}' as column_name,
        child.{{ column }} as parent_id,
        count(*) as n_rows,
        {% if money %}sum(abs(child.{{ money }})){% else %}cast(null as decimal(18, 2)){% endif %} as amount_base
    from {{ ref(entity) }} as child
    where
        child.{{ column }} is not null
        and not exists (
            select 1
            from {{ ref(parent) }} as parent
            where parent.{{ key }} = child.{{ column }}
        )
    group by child.{{ column }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

)

select
    listed.entity,
    listed.column_name,
    listed.parent_entity,
    orphan.parent_id,
    orphan.n_rows,
    orphan.amount_base
from orphan
inner join listed
    on orphan.entity = listed.entity
    and orphan.column_name = listed.column_name
where listed.is_supplied
