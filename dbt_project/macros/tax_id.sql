{# Validity of tax numbers, computed from upper-case text without punctuation. #}

{# The check digit (0-9) of the first characters of a number: value of a character = ASCII - 48. #}
{% macro check_digit(column, weights) -%}
{%- set total -%}
list_sum(list_transform(
        {{ weights }}, lambda weight, place: weight * (unicode(substring({{ column }}, place, 1)) - 48)
    ))
{%- endset -%}
case when {{ total }} % 11 < 2 then 0 else 11 - {{ total }} % 11 end
{%- endmacro %}

{# Not one character repeated. #}
{% macro is_varied(column) -%}
replace({{ column }}, left({{ column }}, 1), '') <> ''
{%- endmacro %}

{# A CNPJ: 12 letters or digits and two numeric check digits. #}
{% macro is_valid_cnpj(column) -%}
(
    regexp_full_match({{ column }}, '[0-9A-Z]{12}[0-9]{2}')
    and {{ is_varied(column) }}
    and substring({{ column }}, 13, 1) = cast({{ check_digit(column, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) }} as varchar)
    and substring({{ column }}, 14, 1) = cast({{ check_digit(column, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) }} as varchar)
)
{%- endmacro %}

{# A CPF: 9 digits and two check digits. #}
{% macro is_valid_cpf(column) -%}
(
    regexp_full_match({{ column }}, '[0-9]{11}')
    and {{ is_varied(column) }}
    and substring({{ column }}, 10, 1) = cast({{ check_digit(column, [10, 9, 8, 7, 6, 5, 4, 3, 2]) }} as varchar)
    and substring({{ column }}, 11, 1) = cast({{ check_digit(column, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) }} as varchar)
)
{%- endmacro %}

{# A name as it may be published: of a natural person only initials and the last two digits of the number. #}
{% macro masked_name(name, number) -%}
array_to_string(
    list_transform(
        list_filter(string_split(trim({{ name }}), ' '), lambda word: word <> ''),
        lambda word: upper(left(word, 1)) || '.'
    ),
    ' '
) || coalesce(' (..' || right({{ number }}, 2) || ')', '')
{%- endmacro %}
