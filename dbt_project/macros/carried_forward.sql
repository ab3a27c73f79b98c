{#
  A published snapshot table: the parent publication's rows unchanged, and the rows of the nights being computed.
  A portfolio snapshot's row of the current night (is_to_date) is replaced by the next publication, so it is not carried.
#}
{% macro carried_forward(night_model, memory) %}
{%- set stamp = ['known_at', 'config_version', 'is_reconstructed'] -%}
{%- set night_relation = ref(night_model) -%}
{%- set memory_relation = source('memory', memory) -%}
{%- set night = source('control', 'night') -%}
{%- set portfolio = model.config.meta.get('class') == 'portfolio_snapshot' -%}
select
    {%- for column in model.columns.values() %}
    cast({{ column.name }} as {{ column.data_type }}) as {{ column.name }}{{ "," if not loop.last }}
    {%- endfor %}
from {{ memory_relation }}
where
    as_of_date not in (select night.as_of_date from {{ night }} as night)
    {%- if portfolio %}
    and not is_to_date
    {%- endif %}
union all
select
    {%- for column in model.columns.values() %}
    cast({{ 'night' if column.name in stamp else 'computed' }}.{{ column.name }} as {{ column.data_type }}) as {{ column.name }}{{ "," if not loop.last }}
    {%- endfor %}
from {{ night_relation }} as computed
inner join {{ night }} as night on computed.as_of_date = night.as_of_date
{% endmacro %}
