{# How Protheus writes values. #}

{# 1.234,56 as the files of a source are declared; its database has 1234.56. #}
{% macro protheus_decimal(column, type='decimal(18, 2)') -%}
{%- set declared = separators_of_source().get(source_system(), {}) -%}
{%- if declared.get('adapter') == 'protheus' -%}
{{ parsed_decimal(column, decimal=declared.decimal, thousands=declared.thousands, type=type) }}
{%- else -%}
{{ parsed_decimal(column, decimal=',', thousands='.', type=type) }}
{%- endif -%}
{%- endmacro %}

{# 20260402; eight spaces are empty. #}
{% macro protheus_date(column) -%}
{{ parsed_date(column, '%Y%m%d') }}
{%- endmacro %}

{# Currency 1 is the real, 2 the dollar; a blank is 1. #}
{% macro protheus_currency(column) -%}
case coalesce(nullif(trim({{ column }}), ''), '1') when '1' then 'BRL' when '2' then 'USD' end
{%- endmacro %}

{# -1 for titles that reduce what a client owes: credits, advances and abatements (AB-, IR-, ...). #}
{% macro protheus_title_sign(column) -%}
case when trim({{ column }}) in ('NCC', 'RA') or trim({{ column }}) like '%-' then -1 else 1 end
{%- endmacro %}
