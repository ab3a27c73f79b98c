{# A number that Python wrote: NULL where it is not a number. #}
{% macro known(column) -%}
nullif({{ column }}, cast('nan' as double))
{%- endmacro %}
