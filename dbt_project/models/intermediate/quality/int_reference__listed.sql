{%- for entity, column, parent, key, money in references() %}
select
    '{{ entity }}' as entity,
    '{{ column }}' as column_name,
    '{{ parent }}' as parent_entity,
    {{ is_supplied(entity) }} and {{ is_supplied(parent) }} as is_supplied
{% if not loop.last %}union all{% endif %}
{%- endfor %}
