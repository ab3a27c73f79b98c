{%- set entities = [] -%}
{%- if execute -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == 'model' and node.schema == 'canonical' and node.name != 'quarantine' -%}
        {%- do entities.append(node.name) -%}
    {%- endfor -%}
{%- endif -%}
with tonight as (

    select as_of_date from {{ source('control', 'run') }}

),

entity as (

    select unnest({{ text_list(entities | sort) }}) as entity

),

feed as (

    select * from {{ ref('int_feed__delivered') }}

)

select
    tonight.as_of_date,
    coalesce(feed.source_system, '*') as source_system,
    entity.entity,
    coalesce(feed.is_required, false) as is_required,
    feed.last_delivery_id,
    feed.last_extract_date,
    feed.last_received_at,
    coalesce(dated.data_through_date, feed.last_extract_date) as data_through_date,
    feed.expected_date,
    cast(feed.days_late as bigint) as days_late,
    coalesce(feed.status, 'NO_SOURCE') as status
from tonight
cross join entity
left join feed on entity.entity = feed.entity
left join {{ ref('int_feed__dated') }} as dated
    on
        feed.source_system = dated.source_system
        and feed.entity = dated.entity
