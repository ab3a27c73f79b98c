{# How ERPNext stores values: checks as 0 and 1, decimals with nine places, clock time of the site without its zone. #}

{# A check box: 1 is true, 0 and empty are false. #}
{% macro erpnext_check(column) -%}
coalesce({{ parsed_integer(column) }} = 1, false)
{%- endmacro %}

{# Submitted (1), or of a state that cannot be read and must be set aside; drafts (0) and cancelled documents (2) are none. #}
{% macro erpnext_is_submitted(column) -%}
coalesce({{ parsed_integer(column) }}, 1) not in (0, 2)
{%- endmacro %}

{# 'TYPE:<name>' where the state of a document cannot be read. #}
{% macro erpnext_state_reject(column, name) -%}
case when {{ parsed_integer(column) }} is distinct from 1 then 'TYPE:{{ name }}' end
{%- endmacro %}

{# A number that is zero where nobody entered one. #}
{% macro erpnext_filled(column, type='decimal(18, 6)') -%}
nullif({{ parsed_decimal(column, type=type) }}, 0)
{%- endmacro %}

{# Clock time of the site, the company's zone, as UTC. #}
{% macro erpnext_utc(column) -%}
{{ parsed_utc(column, var('company').time_zone) }}
{%- endmacro %}

{# What an invoice is for the document_type_map. #}
{% macro erpnext_invoice_type(relation) -%}
case
        when {{ erpnext_check(relation ~ '.is_internal_customer') }} then 'Sales Invoice:internal'
        when {{ erpnext_check(relation ~ '.is_return') }} then 'Sales Invoice:return'
        when {{ erpnext_check(relation ~ '.is_debit_note') }} then 'Sales Invoice:debit_note'
        else 'Sales Invoice'
    end
{%- endmacro %}

{# What an invoice put on the client's account: the rounded total only where rounding was posted. #}
{% macro erpnext_invoice_total() -%}
coalesce(
        case
            when {{ erpnext_filled('base_rounding_adjustment') }} is not null
                then {{ erpnext_filled('base_rounded_total', 'decimal(18, 2)') }}
        end,
        {{ parsed_decimal('base_grand_total') }}
    )
{%- endmacro %}

{# A return that lowers its invoice; since version 15 it may stand for itself. #}
{% macro erpnext_nets_origin() -%}
{{ erpnext_check('is_return') }}
    and {{ text('return_against') }} is not null
    and not {{ erpnext_check('update_outstanding_for_self') }}
{%- endmacro %}
