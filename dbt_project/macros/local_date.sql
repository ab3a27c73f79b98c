{# A UTC timestamp on the clock of the company's zone. #}
{% macro local_moment(column) -%}
({{ column }} at time zone 'UTC' at time zone '{{ var("company").time_zone }}')
{%- endmacro %}

{# The business date of a UTC timestamp: its date in the company's zone. #}
{% macro local_date(column) -%}
cast({{ local_moment(column) }} as date)
{%- endmacro %}
