{%- set counts = threshold('exceptions_per_client_per_quarter') -%}
{%- set amounts = threshold('exceptions_rc_per_client_per_quarter') -%}
{%- for profile in ['PARTNER', 'DEVELOP', 'EFFICIENT', 'TRANSACTIONAL', 'NEW'] %}
select
    '{{ profile }}' as service_profile,
    cast({{ counts[profile] }} as bigint) as exceptions_per_client,
    cast({{ 'null' if amounts[profile] is none else amounts[profile] }} as decimal(18, 2)) as exceptions_rc_per_client
{{ "union all" if not loop.last }}
{%- endfor %}
