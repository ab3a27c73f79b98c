{#
  Every row that staging set aside, with reason, column and, where it can be read, its money in base currency.
  A model names _reject as 'REASON:column'; the rules of every source are in set_aside.sql. Entities come from the
  generated macro supplied_entities().
#}
{% macro rejected_rows() %}
{%- set run = source('control', 'run') -%}
{%- set parts = [] -%}
{%- for entity, names in supplied_entities().items() -%}
    {%- for name in names -%}
        {%- do parts.append((entity, name, ref(name))) -%}
    {%- endfor -%}
{%- endfor -%}
{%- if not parts %}
select
    cast(null as varchar) as source_system,
    cast(null as varchar) as entity,
    cast(null as varchar) as extract_name,
    cast(null as varchar) as delivery_id,
    cast(null as bigint) as file_row,
    cast(null as varchar) as reason_code,
    cast(null as varchar) as column_name,
    cast(null as decimal(18, 2)) as amount_base,
    cast(null as varchar) as company_code,
    cast(null as varchar) as period,
    cast(null as varchar) as gl_account
where false
{%- endif %}
{%- for entity, name, relation in parts %}
{%- set node = graph.nodes['model.kam.' ~ entity] if execute else none %}
{%- set columns = entity_columns(node) if execute else [] %}
{%- set key = node.config.meta.get('key', []) if execute else [] %}
select
    '{{ name[4:].split("__")[0] }}' as source_system,
    '{{ entity }}' as entity,
    cast(_extract_name as varchar) as extract_name,
    cast(_delivery_id as varchar) as delivery_id,
    cast(_file_row as bigint) as file_row,
    split_part(_why, ':', 1) as reason_code,
    split_part(_why, ':', 2) as column_name,
    {%- if entity == 'invoice_line' %}
    try_cast(net_amount_base as decimal(18, 2)) as amount_base,
    cast(company_code as varchar) as company_code,
    strftime(posting_date, '%Y-%m') as period,
    coalesce(cast(gl_account as varchar), 'UNKNOWN') as gl_account
    {%- else %}
    cast(null as decimal(18, 2)) as amount_base,
    cast(null as varchar) as company_code,
    cast(null as varchar) as period,
    cast(null as varchar) as gl_account
    {%- endif %}
from ({{ judged_rows(entity, relation, columns, key, run) if execute else relation }})
where _why is not null
{% if not loop.last %}union all{% endif %}
{%- endfor %}
{% endmacro %}
