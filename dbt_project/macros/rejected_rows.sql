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
{%- set key = node.config.meta.get('key', []) if execute else ['_file_row'] %}
(with judged as (

    select *, {{ rejection(entity, columns, run) }} as _why
    from {{ relation }}

),

conflicting as (

    {{ conflicting_keys('judged', key, columns) if execute else 'select _file_row from judged' }}

)

select
    '{{ name[4:].split("__")[0] }}' as source_system,
    '{{ entity }}' as entity,
    cast(judged._extract_name as varchar) as extract_name,
    cast(judged._delivery_id as varchar) as delivery_id,
    cast(judged._file_row as bigint) as file_row,
    coalesce(split_part(judged._why, ':', 1), 'DUP_KEY') as reason_code,
    coalesce(split_part(judged._why, ':', 2), '*') as column_name,
    {%- if entity == 'invoice_line' %}
    try_cast(judged.net_amount_base as decimal(18, 2)) as amount_base,
    cast(judged.company_code as varchar) as company_code,
    strftime(judged.posting_date, '%Y-%m') as period,
    coalesce(cast(judged.gl_account as varchar), 'UNKNOWN') as gl_account
    {%- else %}
    cast(null as decimal(18, 2)) as amount_base,
    cast(null as varchar) as company_code,
    cast(null as varchar) as period,
    cast(null as varchar) as gl_account
    {%- endif %}
from judged
left join conflicting on judged._why is null and {{ same_key('judged', 'conflicting', key) }}
where judged._why is not null or conflicting.{{ key[0] }} is not null)
{% if not loop.last %}union all{% endif %}
{%- endfor %}
{% endmacro %}
