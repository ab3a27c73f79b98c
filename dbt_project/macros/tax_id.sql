{# Validity of tax numbers, computed from upper-case text without punctuation. #}

{# The check digit after the first characters of a number, as text; a character is ASCII - 48. #}
{% macro check_digit(column, weights) -%}
{%- set remainder -%}
list_sum(list_transform(
        {{ weights }}, lambda weight, nth: weight * (unicode(substring({{ column }}, nth, 1)) - 48)
    )) % 11
{%- endset -%}
cast(case when {{ remainder }} < 2 then 0 else 11 - {{ remainder }} end as varchar)
{%- endmacro %}

{# Not one character repeated. #}
{% macro is_varied(column) -%}
replace({{ column }}, left({{ column }}, 1), '') <> ''
{%- endmacro %}

{# A CNPJ: 12 letters or digits and two numeric check digits. #}
{% macro is_valid_cnpj(column) -%}
{%- set first = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2] -%}
(
    regexp_full_match({{ column }}, '[0-9A-Z]{12}[0-9]{2}')
    and {{ is_varied(column) }}
    and substring({{ column }}, 13, 1) = {{ check_digit(column, first) }}
    and substring({{ column }}, 14, 1) = {{ check_digit(column, [6] + first) }}
)
{%- endmacro %}

{# A CPF: 9 digits and two check digits. #}
{% macro is_valid_cpf(column) -%}
{%- set first = [10, 9, 8, 7, 6, 5, 4, 3, 2] -%}
(
    regexp_full_match({{ column }}, '[0-9]{11}')
    and {{ is_varied(column) }}
    and substring({{ column }}, 10, 1) = {{ check_digit(column, first) }}
    and substring({{ column }}, 11, 1) = {{ check_digit(column, [11] + first) }}
)
{%- endmacro %}

{# A name as published: of a natural person only initials and the last two digits of the number. #}
{% macro masked_name(name, number) -%}
array_to_string(
    list_transform(
        list_filter(string_split(trim({{ name }}), ' '), lambda word: word <> ''),
        lambda word: upper(left(word, 1)) || '.'
    ),
    ' '
) || coalesce(' (..' || right({{ number }}, 2) || ')', '')
{%- endmacro %}
