{# Of several reasons why something is missing the one that the conventions name first; NULL where none stands. #}
{% macro first_reason(columns) -%}
{%- set listed = columns | join(', ') -%}
case
        {%- for reason in ['NEW', 'NO_SOURCE', 'NO_HISTORY', 'STALE', 'TOO_FEW'] %}
        when '{{ reason }}' in ({{ listed }}) then '{{ reason }}'
        {%- endfor %}
    end
{%- endmacro %}

{# Whether something holds of what a feed tells: found, TRUE; not found, FALSE, or NULL where there is a reason why the feed cannot tell. #}
{% macro told(found, reason) -%}
case
        when {{ found }} then true
        when {{ reason }} is null then false
    end
{%- endmacro %}
