{% macro local_timestamp(column, format) -%}
cast(
    timezone('UTC', timezone(
        '{{ var("company")["time_zone"] }}', try_strptime(nullif(trim({{ column }}), ''), '{{ format }}')
    )) as timestamp
)
{%- endmacro %}
{% macro full_id(column) -%}{{ return(any_id(column)) }}{%- endmacro %}
