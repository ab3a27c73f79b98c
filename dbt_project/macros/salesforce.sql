{# How Salesforce writes ids and values. #}

{# The 18-character form of an id: the 15-character form tells upper from lower case, spreadsheets do not. #}
{% macro salesforce_id(column) -%}
case
    when length(trim({{ column }})) = 15 then
        trim({{ column }})
        {%- for block in range(3) %} || substr(
            'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345',
            1
            {%- for place in range(5) %}
            + case when substr(trim({{ column }}), {{ block * 5 + place + 1 }}, 1) between 'A' and 'Z' then {{ 2 ** place }} else 0 end
            {%- endfor %},
            1
        ){% endfor %}
    else nullif(trim({{ column }}), '')
end
{%- endmacro %}

{# '<source>:<18 characters>'; with a key prefix (003 contact, 005 user, ...), NULL for any other kind of record. #}
{% macro salesforce_key(column, prefix=none) -%}
{%- if prefix %}case when trim({{ column }}) like '{{ prefix }}%' then {% endif -%}
'{{ source_system() }}:' || {{ salesforce_id(column) }}
{%- if prefix %} end{% endif -%}
{%- endmacro %}

{# The company's date of a UTC timestamp. #}
{% macro salesforce_local_date(column) -%}
{{ local_date(parsed_utc(column)) }}
{%- endmacro %}

{# A picklist label as a code: 'Economic Buyer' is economic_buyer. #}
{% macro label_code(column) -%}
nullif(trim(regexp_replace(lower({{ column }}), '[^a-z0-9]+', '_', 'g'), '_'), '')
{%- endmacro %}

{# The domain of a web address: https://www.client.example/shop is client.example. #}
{% macro web_domain(column) -%}
nullif(regexp_extract(lower(trim({{ column }})), '^(?:[a-z]+://)?(?:www[.])?([^/:?# ]+)', 1), '')
{%- endmacro %}
