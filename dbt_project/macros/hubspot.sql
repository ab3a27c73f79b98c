{# How HubSpot writes values: all text; times in UTC, as ISO text or milliseconds since 1970. #}

{# A timestamp in UTC. #}
{% macro hubspot_utc(column) -%}
case
    when regexp_full_match(trim({{ column }}), '[0-9]{11,13}') then make_timestamp_ms(cast(trim({{ column }}) as bigint))
    else {{ parsed_utc(column) }}
end
{%- endmacro %}

{# The company's date of a moment; midnight UTC is a date that somebody picked, and stays on it. #}
{% macro hubspot_date(column) -%}
case
    when cast({{ hubspot_utc(column) }} as time) = time '00:00:00' then cast({{ hubspot_utc(column) }} as date)
    else {{ local_date(hubspot_utc(column)) }}
end
{%- endmacro %}

{# Of the objects one is bound to, the one marked as primary, else the one with the smallest number: `from_id`, `to_id`. #}
{% macro hubspot_primary(association, primary_type) -%}
select
    trim(from_id) as from_id,
    arg_min(
        trim(to_id),
        (
            case when trim(category) = 'HUBSPOT_DEFINED' and trim(type_id) = '{{ primary_type }}' then 0 else 1 end,
            length(trim(to_id)),
            trim(to_id)
        )
    ) as to_id
from {{ association }}
where not _is_deleted
group by trim(from_id)
{%- endmacro %}

{# The columns that calls, e-mails, meetings, notes and tasks share as an activity. #}
{% macro hubspot_activity(kind, relation, title, direction=none, seconds=none, moment='hs_timestamp') -%}
select
    '{{ kind }}' as kind,
    trim(id) as id,
    {{ moment }} as native_moment,
    {{ hubspot_utc(moment) }} as happened_at,
    {{ hubspot_utc('hs_createdate') }} as logged_at,
    {{ title }} as title,
    {{ direction or 'cast(null as varchar)' }} as direction,
    {{ seconds or 'cast(null as bigint)' }} as seconds,
    hubspot_owner_id as owner,
    {{ lineage(kind) }}
from {{ relation }}
where not _is_deleted
{%- endmacro %}
