{#
  Every row that staging set aside, with reason, column and, where it can be read, its money in base currency.
  A model names _reject as 'REASON:column'; a missing required value is MISSING. Entities come from the generated
  macro supplied_entities().
#}
{% macro rejected_rows() %}
{%- set parts = [] -%}
{%- for entity, names in supplied_entities().items() -%}
    {%- for name in names -%}
        {%- do parts.append((entity, name, ref(name))) -%}
    {%- endfor -%}
{%- endfor -%}
{%- if execute -%}
    {%- set required = {} -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.schema == 'canonical' -%}
        {%- set names = [] -%}
        {%- for column in node.columns.values() if column.config.meta.get('required')
            and column.name not in ('source_system', 'extract_date', 'row_hash') -%}
            {%- do names.append(column.name) -%}
        {%- endfor -%}
        {%- do required.update({node.name: names}) -%}
    {%- endfor -%}
{%- endif -%}
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
{%- set missing = (required or {}).get(entity, []) %}
select
    '{{ name[4:].split("__")[0] }}' as source_system,
    '{{ entity }}' as entity,
    cast(_extract_name as varchar) as extract_name,
    cast(_delivery_id as varchar) as delivery_id,
    cast(_file_row as bigint) as file_row,
    case
        when _reject is not null then split_part(_reject, ':', 1)
        else 'MISSING'
    end as reason_code,
    case
        when _reject is not null then split_part(_reject, ':', 2)
        {%- for column in missing %}
        when {{ column }} is null then '{{ column }}'
        {%- endfor %}
    end as column_name,
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
from {{ relation }}
where
    _reject is not null
    {%- for column in missing %}
    or {{ column }} is null
    {%- endfor %}
{% if not loop.last %}union all{% endif %}
{%- endfor %}
{% endmacro %}
