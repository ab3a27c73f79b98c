{%- set run = source('control', 'run') -%}
{%- set node = graph.nodes['model.kam.invoice_line'] if execute else none -%}
{%- set columns = entity_columns(node) if execute else [] -%}
-- Before canonical makes one row per key: a line lost on the way from here is money unexplained.
{%- for name in supplied_by('invoice_line') %}
select distinct
    cast(document_id as varchar) as document_id,
    cast(line_id as varchar) as line_id,
    cast(coalesce(company_code, 'UNKNOWN') as varchar) as company_code,
    cast(posting_date as date) as posting_date,
    coalesce(strftime(cast(posting_date as date), '%Y-%m'), 'UNKNOWN') as period,
    coalesce(cast(gl_account as varchar), 'UNKNOWN') as gl_account,
    try_cast(net_amount_base as decimal(18, 2)) as amount_base,
    _why is not null as is_set_aside,
    case when _why is not null then _delivery_id || ' ' || _file_row end as set_aside_row
from ({{ judged_rows('invoice_line', ref(name), columns, ['document_id', 'line_id'], run) if execute else ref(name) }})
{% if not loop.last %}union all{% endif %}
{%- else %}
select
    document_id,
    line_id,
    company_code,
    posting_date,
    strftime(posting_date, '%Y-%m') as period,
    coalesce(gl_account, 'UNKNOWN') as gl_account,
    net_amount_base as amount_base,
    false as is_set_aside,
    cast(null as varchar) as set_aside_row
from {{ ref('invoice_line') }}
{%- endfor %}
