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

{#
  Appetite of a dimension score. A weighted mean of equal scores may miss a level by one bit: hence the rounding.
#}
{% macro appetite_level(score) -%}
{%- set levels = threshold('segmentation.appetite_levels') -%}
case
    when {{ score }} is null then 'UNKNOWN'
    when round({{ score }}, 9) <= {{ levels['NONE'] }} then 'NONE'
    when round({{ score }}, 9) < {{ levels['OPEN'] }} then 'LOW'
    when round({{ score }}, 9) < {{ levels['DEEP'] }} then 'OPEN'
    else 'DEEP'
end
{%- endmacro %}

{# Impact of a dimension score. #}
{% macro impact_level(score) -%}
case
    when {{ score }} is null then 'UNKNOWN'
    when round({{ score }}, 9) >= {{ threshold('segmentation.impact_levels')['HIGH'] }} then 'HIGH'
    else 'LOW'
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
