{# What a line of a Northwind order comes to: price x pieces x (1 - reduction), rounded once. #}
{% macro northwind_amount(reduction='line.reduction') -%}
cast(round(cast(line.price as decimal(38, 6)) * line.pieces * (1 - {{ reduction }}), 2) as decimal(18, 2))
{%- endmacro %}
