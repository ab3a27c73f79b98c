{# Rules that hold for every source: what a typed row must be to enter the canonical model. #}

{# 'REASON:column' of the first rule that a staging row of an entity breaks, NULL where it may be loaded. `run` is the relation control.run, named once per model. #}
{% macro rejection(entity, columns, run) -%}
{%- set business_date = {
    'invoice_line': 'posting_date', 'order_line': 'ordered_date', 'receivable': 'issued_date',
    'receipt': 'paid_date', 'customer_cost': 'posting_date', 'survey_response': 'responded_date'
}.get(entity) -%}
case
    when _reject is not null then _reject
    {%- for column in columns if column.config.meta.get('required') %}
    when {{ column.name }} is null then 'MISSING:{{ column.name }}'
    {%- endfor %}
    {%- if business_date %}
    when {{ business_date }} > (select as_of_date + {{ threshold('gates.future_days') }} from {{ run }})
        then 'FUTURE:{{ business_date }}'
    {%- endif %}
    {%- if entity == 'assessment' %}
    when item_id not in (select known.item_id from {{ source('config', 'assessment_item') }} as known)
        then 'UNKNOWN_ITEM:item_id'
    {%- endif %}
    {%- if entity == 'invoice_line' %}
    when document_type in ('INVOICE', 'DEBIT_NOTE') and quantity < 0 then 'SIGN:quantity'
    when document_type in ('INVOICE', 'DEBIT_NOTE') and net_amount < 0 then 'SIGN:net_amount'
    when document_type in ('CREDIT_NOTE', 'RETURN', 'REBATE') and net_amount > 0 then 'SIGN:net_amount'
    {%- endif %}
    {%- if entity == 'policy_exception' %}
    when decision is null and decided_at is not null then 'MISSING:decision'
    {%- endif %}
end
{%- endmacro %}

{# The columns of an entity without those of its lineage, from the contract of its canonical model. #}
{% macro entity_columns(node) -%}
{%- set found = [] -%}
{%- for column in node.columns.values()
    if column.name not in ('source_system', 'extract_date', 'row_hash') -%}
    {%- do found.append(column) -%}
{%- endfor -%}
{{ return(found) }}
{%- endmacro %}

{#
  The rows of one staging model with `_why`, the 'REASON:column' for which a row is set aside, NULL where it may be loaded.
  Under one key a source may have equal rows, which are one row, or rows that differ: nobody can say which of those is
  true, so all of them are set aside.
#}
{% macro judged_rows(entity, relation, columns, key, run) -%}
with judged as (

    select *, {{ rejection(entity, columns, run) }} as _broken
    from {{ relation }}

),

conflicting as (

    select {{ key | join(', ') }}
    from judged
    where _broken is null
    group by {{ key | join(', ') }}
    having count(*) > 1 and count(distinct ({% for column in columns %}{{ column.name }}{{ ', ' if not loop.last }}{% endfor %})) > 1

)

select
    judged.*,
    coalesce(judged._broken, case when conflicting.{{ key[0] }} is not null then 'DUP_KEY:*' end) as _why
from judged
left join conflicting
    on judged._broken is null
    {%- for name in key %}
    and judged.{{ name }} is not distinct from conflicting.{{ name }}
    {%- endfor %}
{%- endmacro %}
