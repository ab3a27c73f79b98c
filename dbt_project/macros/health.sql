{# Lists, levels and conversions that segments and health share. #}

{# A list of texts of config/metrics.yml as a SQL list; an absent list is NULL. #}
{% macro text_list(values) -%}
{%- if values -%}
['{{ values | join("', '") }}']
{%- else -%}
cast(null as varchar[])
{%- endif -%}
{%- endmacro %}

{# The value a mapping of config/metrics.yml gives to a code; codes it does not name take `otherwise`. #}
{% macro mapped_number(column, mapping, otherwise) -%}
case {{ column }}
    {%- for code, value in mapping.items() if code != otherwise %}
    when '{{ code }}' then {{ value }}
    {%- endfor %}
    else {{ mapping[otherwise] }}
end
{%- endmacro %}

{# A score as published: under its cap, half-even to two decimals. #}
{% macro published_score(points, cap) -%}
case
    when {{ points }} is not null
        then cast(round_even(least({{ points }}, coalesce({{ cap }}, 100)), 2) as decimal(5, 2))
end
{%- endmacro %}

{# `column:REASON` where a reason stands; concat_ws joins the pairs and skips the rest. #}
{% macro missing_pair(column, reason) -%}
'{{ column }}:' || {{ reason }}
{%- endmacro %}
