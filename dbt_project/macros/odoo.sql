{# How Odoo stores values: empty ones are False in exports, names may be a JSON of translations, times are UTC without zone. #}

{# Text, NULL where empty or exported as False. #}
{% macro odoo_text(column) -%}
nullif(nullif(trim({{ column }}), ''), 'False')
{%- endmacro %}

{# A name; of translations that of Brazil, else English, else the first. #}
{% macro odoo_name(column) -%}
case
    when left(trim({{ column }}), 1) = chr(123) and json_valid({{ column }}) then coalesce(
        {{ column }} ->> '$.pt_BR', {{ column }} ->> '$.en_US', {{ column }} ->> ('$."' || json_keys({{ column }})[1] || '"')
    )
    else {{ odoo_text(column) }}
end
{%- endmacro %}

{# true, t, True and 1; anything else filled is false, empty is NULL. #}
{% macro odoo_flag(column) -%}
case
    when lower(trim({{ column }})) in ('true', 't', '1') then true
    when nullif(trim({{ column }}), '') is not null then false
end
{%- endmacro %}

{# The company's date of a moment in UTC. #}
{% macro odoo_local_date(column) -%}
{{ local_date(parsed_utc(odoo_text(column))) }}
{%- endmacro %}

{# A date. #}
{% macro odoo_date(column) -%}
{{ parsed_iso_date(odoo_text(column)) }}
{%- endmacro %}

{# An id of a record, NULL where there is none. #}
{% macro odoo_id(column) -%}
'{{ source_system() }}:' || {{ odoo_text(column) }}
{%- endmacro %}

{# Partners with the client they belong to: the commercial partner, a company or a person without one. #}
{% macro odoo_partner(res_partner) -%}
select
    {{ odoo_text('id') }} as partner_id,
    coalesce({{ odoo_text('commercial_partner_id') }}, {{ odoo_text('id') }}) as client_id
from {{ res_partner }}
where not _is_deleted
{%- endmacro %}

{# By what to divide a quantity to have it in the product's own unit: 1 dozen is 12 pieces at a factor of 0.083. #}
{% macro odoo_unit(uom_uom) -%}
select
    {{ odoo_text('id') }} as unit_id,
    max({{ odoo_name('name') }}) as name,
    max({{ parsed_decimal('factor', type='decimal(28, 14)') }}) as factor
from {{ uom_uom }}
where not _is_deleted
group by {{ odoo_text('id') }}
{%- endmacro %}

{# Products with the unit of their template. #}
{% macro odoo_product(product_product, product_template) -%}
select
    {{ odoo_text('product.id') }} as product_id,
    max({{ odoo_text('template.uom_id') }}) as unit_id
from {{ product_product }} as product
inner join {{ product_template }} as template
    on {{ odoo_text('product.product_tmpl_id') }} = {{ odoo_text('template.id') }}
where not product._is_deleted and not template._is_deleted
group by {{ odoo_text('product.id') }}
{%- endmacro %}

{# A quantity of one unit in another; where a factor is unknown, as it is. #}
{% macro odoo_quantity(quantity, sold_factor, own_factor) -%}
cast(round({{ quantity }} * coalesce(
        cast({{ own_factor }} as double) / nullif(cast({{ sold_factor }} as double), 0), 1
    ), 4) as decimal(18, 4))
{%- endmacro %}

{# A tax number without the BR that stands before a CNPJ. #}
{% macro odoo_tax_number(column) -%}
case
    when regexp_full_match({{ tax_number(column) }}, 'BR[0-9A-Z]{14}') then substring({{ tax_number(column) }}, 3)
    else {{ tax_number(odoo_text(column)) }}
end
{%- endmacro %}
