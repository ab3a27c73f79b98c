{# Whether any source supplies a canonical entity: a boolean scalar; false is reason NO_SOURCE. #}
{% macro is_supplied(entity) -%}
(
    select coalesce(bool_or(delivery.is_supplied), false)
    from {{ source('control', 'delivery') }} as delivery
    where delivery.entity = '{{ entity }}'
)
{%- endmacro %}
