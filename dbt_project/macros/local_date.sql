{# The business date of a UTC timestamp: its date in the company's zone. #}
{% macro local_date(column) -%}
cast({{ column }} at time zone 'UTC' at time zone '{{ var("company").time_zone }}' as date)
{%- endmacro %}
