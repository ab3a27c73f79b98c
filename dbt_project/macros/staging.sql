{# Macros for text that must become typed. Every staging row also carries where it came from and what failed in it. #}

{# The source a compiled staging model belongs to: the name between stg_ and __, also while it is under unit test. #}
{% macro source_system() -%}
{%- set tested = model.get('tested_node_unique_id') -%}
{%- set name = tested.split('.')[2] if tested else model.name -%}
{{ return(name[4:].split('__')[0]) }}
{%- endmacro %}

{# An id as the pipeline knows it: '<source>:<part>-<part>', NULL where all parts, or the column `filled`, are empty. #}
{% macro native_id(parts, filled=none) -%}
{%- set parts = [parts] if parts is string else parts -%}
{%- if filled %}case when nullif(trim({{ filled }}), '') is not null then {% endif -%}
'{{ source_system() }}:' || nullif(concat_ws('-'{% for part in parts %}, nullif(trim({{ part }}), ''){% endfor %}), '')
{%- if filled %} end{% endif -%}
{%- endmacro %}

{# An id that may belong to another system: kept where it names its source, else of this source. #}
{% macro any_id(column) -%}
case
    when contains({{ column }}, ':') then trim({{ column }})
    else {{ native_id(column) }}
end
{%- endmacro %}

{# A list joined by semicolons; with `as_id`, of ids that may belong to another system. NULL where empty. #}
{% macro parsed_list(column, as_id=false) -%}
nullif(
    list_transform(
        list_filter(string_split({{ column }}, ';'), lambda part: trim(part) <> ''),
        lambda part: {% if as_id %}{{ any_id('part') }}{% else %}trim(part){% endif %}
    ),
    []
)
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

{# The date at the start of ISO text that may go on with a time. #}
{% macro parsed_iso_date(column) -%}
case
    when regexp_full_match(trim({{ column }}), '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?')
    then {{ parsed_date('left(trim(' ~ column ~ '), 10)') }}
end
{%- endmacro %}

{# A timestamp in UTC: of ISO text with its offset, else of clock time in the zone. #}
{% macro parsed_utc(column, zone='UTC') -%}
case
    when regexp_matches(trim({{ column }}), '(Z|[-+][0-9]{2}:?[0-9]{2})$')
    and contains({{ column }}, ':') then
        try_cast(trim({{ column }}) as timestamptz) at time zone 'UTC'
    else {{ local_to_utc('try_cast(trim(' ~ column ~ ') as timestamp)', zone) }}
end
{%- endmacro %}

{# Clock time in a zone (default: the company's) as UTC. #}
{% macro local_to_utc(moment, zone=none) -%}
(({{ moment }}) at time zone '{{ zone or var("company").time_zone }}' at time zone 'UTC')
{%- endmacro %}

{# Noon of a local date, in UTC: an instant that stays on its date. #}
{% macro local_noon(day) -%}
{{ local_to_utc(day ~ " + interval 12 hour") }}
{%- endmacro %}

{# A decimal by its declared separators. Text in any other form is NULL, and first_reject() says so. #}
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

{# A whole number; 3.0 is 3, 3.5 is none. #}
{% macro parsed_integer(column) -%}
case
    when regexp_full_match(trim({{ column }}), '[-+]?[0-9]+([.]0*)?')
    then try_cast(split_part(trim({{ column }}), '.', 1) as bigint)
end
{%- endmacro %}

{# A finite number. #}
{% macro parsed_double(column) -%}
case when isfinite(try_cast(trim({{ column }}) as double)) then try_cast(trim({{ column }}) as double) end
{%- endmacro %}

{# A boolean by its spellings, any case. #}
{% macro parsed_boolean(column, yes=['true'], no=['false']) -%}
case
    when lower(trim({{ column }})) in ('{{ yes | join("', '") }}') then true
    when lower(trim({{ column }})) in ('{{ no | join("', '") }}') then false
end
{%- endmacro %}

{# A tax number as it is stored: upper case, without punctuation; letters stay. #}
{% macro tax_number(column) -%}
nullif(regexp_replace(upper({{ column }}), '[./ -]', '', 'g'), '')
{%- endmacro %}

{# 'REASON:column' of the first filled native value that did not parse; lists of (native, typed, reason, name). #}
{% macro first_reject(checks) -%}
{%- if not checks -%}
cast(null as varchar)
{%- else -%}
case
    {%- for native, typed, reason, name in checks %}
    when nullif(trim({{ native }}), '') is not null and ({{ typed }}) is null then {{ reject_code(reason, native) }} || ':{{ name }}'
    {%- endfor %}
end
{%- endif -%}
{%- endmacro %}

{# The reason of a value that did not parse: of numbers, whether it is none, too large, or written otherwise. #}
{% macro reject_code(reason, native) -%}
{%- if reason != 'NUM_FORMAT' -%}
'{{ reason }}'
{%- else -%}
case
    when
        regexp_full_match(lower(trim({{ native }})), '[-+]?(nan|inf|infinity)')
        or not isfinite(try_cast(trim({{ native }}) as double))
        then 'NON_FINITE'
    when
        regexp_full_match(trim({{ native }}), '[-+]?[0-9][0-9.,]*-?')
        and length(regexp_replace({{ native }}, '[^0-9]', '', 'g')) > 14
        then 'RANGE'
    else 'NUM_FORMAT'
end
{%- endif -%}
{%- endmacro %}
