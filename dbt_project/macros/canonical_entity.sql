{#
  The canonical table of an entity: the rows of every source that supplies it, typed by the contract beside the model,
  without those set aside (see set_aside.sql), one per key. Where the KAM desk completes a
  record of another system, each column comes from the first source in precedence that fills it. Empty, with its contract, where no source supplies it.
#}
{% macro canonical_entity(entity) %}
{%- set suppliers = supplied_by(entity) -%}
{%- set relations = [] -%}
{%- for name in suppliers -%}{%- do relations.append(ref(name)) -%}{%- endfor -%}
{%- set run = source('control', 'run') -%}
{%- set columns = entity_columns(model) -%}
{%- set key = model.config.meta.get('key', []) -%}
{%- if not relations %}
select
    {%- for column in columns %}
    cast(null as {{ column.data_type }}) as {{ column.name }},
    {%- endfor %}
    cast(null as varchar) as source_system,
    cast(null as date) as extract_date,
    cast(null as varchar) as row_hash
where false
{%- else %}
with supplied as (

    {%- for relation in relations %}
    select
        {%- for column in columns %}
        cast({{ column.name }} as {{ column.data_type }}) as {{ column.name }},
        {%- endfor %}
        '{{ suppliers[loop.index0][4:].split("__")[0] }}' as source_system,
        cast(_extract_date as date) as extract_date,
        {{ loop.index }} as _precedence,
        _delivery_id,
        _file_row
    from ({{ judged_rows(entity, relation, columns, key, run) }})
    where _why is null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

{%- if suppliers | length > 1 and suppliers | select('in', desk_models()) | list %}
,

merged as (

    select
        {%- for column in columns %}
        {% if column.name in key %}{{ column.name }}{% else -%}
        arg_min({{ column.name }}, _rank) filter (where {{ column.name }} is not null) as {{ column.name }}
        {%- endif %},
        {%- endfor %}
        arg_min(source_system, _rank) as source_system,
        arg_min(extract_date, _rank) as extract_date
    from (
        select
            *,
            row_number() over (
                partition by {{ key | join(', ') }}
                order by _precedence, extract_date desc nulls last, _delivery_id desc nulls last, _file_row nulls last
            ) as _rank
        from supplied
    )
    group by {{ key | join(', ') }}

)
{%- set final = 'merged' %}
{%- else %}
{%- set final = 'supplied' %}
{%- endif %}

select
    {%- for column in columns %}
    {{ column.name }},
    {%- endfor %}
    source_system,
    extract_date,
    md5(concat_ws('|'
        {%- for column in columns %}, coalesce(cast({{ column.name }} as varchar), '~'){% endfor -%}
    )) as row_hash
from {{ final }}
{%- if final == 'supplied' %}
qualify
    row_number() over (
        partition by {{ key | join(', ') }}
        order by _precedence, extract_date desc nulls last, _delivery_id desc nulls last, _file_row nulls last
    ) = 1
{%- endif %}
{%- endif %}
{% endmacro %}
