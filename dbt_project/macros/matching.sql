{# What client records are compared by. #}

{# A name without accents, punctuation and legal form, in upper case, one blank between words. #}
{% macro cleaned_name(column) -%}
{%- set forms = [
    'LTDA', 'LIMITADA', 'SA', 'ME', 'EPP', 'EIRELI', 'MEI', 'SLU', 'CIA', 'INC', 'LLC', 'LTD', 'LIMITED', 'CORP',
    'CORPORATION', 'CO', 'PLC', 'GMBH', 'AG', 'KG', 'BV', 'NV', 'SRL', 'SARL', 'SPA', 'SAS', 'AB', 'OY', 'AS', 'PTY'
] -%}
{%- set words -%}
regexp_replace(
        regexp_replace(
            replace(replace(upper(strip_accents({{ column }})), '&', ' E '), '''', ''), '\bS\s*[./]\s*A\b\.?', ' ', 'g'
        ),
        '[^\pL\pN]+', ' ', 'g'
    )
{%- endset -%}
nullif(
    trim(regexp_replace(
        regexp_replace({{ words }}, ' ({{ forms | join("|") }})\b', '', 'g'), '^ ?(CIA|COMPANHIA) ', ''
    )),
    ''
)
{%- endmacro %}

{# The part of a web or mail address that names its owner; of a public mail provider none. #}
{% macro owned_domain(column) -%}
{%- set providers = [
    'gmail.com', 'googlemail.com', 'hotmail.com', 'hotmail.com.br', 'outlook.com', 'outlook.com.br', 'live.com', 'msn.com',
    'yahoo.com', 'yahoo.com.br', 'icloud.com', 'me.com', 'aol.com', 'uol.com.br', 'bol.com.br', 'terra.com.br', 'ig.com.br',
    'globo.com', 'r7.com', 'proton.me', 'protonmail.com', 'gmx.de', 'gmx.net', 'web.de', 't-online.de', 'orange.fr'
] -%}
{%- set host -%}
regexp_replace(
        regexp_replace(lower(trim({{ column }})), '^([a-z]+://)?([^@/]*@)?(www\.)?', ''),
        '[/:?#].*$', ''
    )
{%- endset -%}
case when {{ host }} not in ('{{ providers | join("', '") }}') then nullif({{ host }}, '') end
{%- endmacro %}

{# What an analyst has decided of a pair, the smaller id first. #}
{% macro crosswalk_decisions() -%}
select
        least(left_id, right_id) as left_id,
        greatest(left_id, right_id) as right_id,
        case when bool_or(is_same) then 'accepted' else 'rejected' end as decision
    from {{ source('config', 'account_crosswalk') }}
    group by all
{%- endmacro %}
