{# Macros for text that must become typed. Every staging row also carries where it came from and what failed in it. #}

{# The source a compiled staging model belongs to: the name between stg_ and __. #}
{% macro source_system() %}{{ return(model.name[4:].split('__')[0]) }}{% endmacro %}

{# An id as the pipeline knows it: '<source>:<part>-<part>', NULL where all parts are empty. #}
{% macro native_id(parts) -%}
{%- set parts = [parts] if parts is string else parts -%}
'{{ source_system() }}:' || nullif(concat_ws('-'{% for part in parts %}, nullif(trim({{ part }}), ''){% endfor %}), '')
{%- endmacro %}

{# Trimmed text, NULL where empty. #}
{% macro text(column) -%}
nullif(trim({{ column }}), '')
{%- endmacro %}

{# Where a staging row came from: the last columns of every staging model. #}
{% macro lineage(extract, relation=none) -%}
{%- set dot = relation ~ '.' if relation else '' -%}
'{{ extract }}' as _extract_name,
{{ dot }}_delivery_id,
{{ dot }}_file_row,
{{ dot }}_extract_date
{%- endmacro %}

{# A date by its declared format; zeros and blanks are empty. #}
{% macro parsed_date(column, format='%Y-%m-%d') -%}
cast(try_strptime(nullif(nullif(trim({{ column }}), ''), '00000000'), '{{ format }}') as date)
{%- endmacro %}

{# A timestamp in UTC from text that carries its offset, or is UTC by declaration. #}
{% macro parsed_utc(column) -%}
try_cast(try_cast(nullif(trim({{ column }}), '') as timestamptz) as timestamp)
{%- endmacro %}

{# A decimal by its declared separators. Text in any other form is NULL, and unparsed() says so. #}
{% macro parsed_decimal(column, decimal='.', thousands='', type='decimal(18, 2)') -%}
{%- set cleaned = "trim(" ~ column ~ ")" -%}
{%- set whole = '[0-9]+' if not thousands else '([0-9]{1,3}([' ~ thousands ~ '][0-9]{3})+|[0-9]+)' -%}
case
    when regexp_full_match({{ cleaned }}, '^[-+]?{{ whole }}([{{ decimal }}][0-9]*)?-?$') then
        try_cast(
            {%- if decimal == ',' %}
            replace(replace(trim({{ cleaned }}, '-'), '.', ''), ',', '.')
            {%- else %}
            replace(trim({{ cleaned }}, '-'), ',', '')
            {%- endif %} as {{ type }}
        ) * case when {{ cleaned }} like '-%' or {{ cleaned }} like '%-' then -1 else 1 end
end
{%- endmacro %}

{# 'REASON:column' of the first filled native value that did not parse; pairs of (native, typed, reason, name). #}
{% macro first_reject(checks) -%}
{%- if not checks -%}
cast(null as varchar)
{%- else -%}
case
    {%- for native, typed, reason, name in checks %}
    when nullif(trim({{ native }}), '') is not null and ({{ typed }}) is null then '{{ reason }}:{{ name }}'
    {%- endfor %}
end
{%- endif -%}
{%- endmacro %}
