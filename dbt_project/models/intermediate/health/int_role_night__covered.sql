{%- set profiles = threshold('required_roles') -%}
with scored as (

    select * from {{ ref('int_health_night__scored') }}
    where not is_reconstructed

),

required as (

    {%- for profile, roles in profiles.items() %}
    select
        '{{ profile }}' as service_profile,
        unnest({{ text_list(roles) if roles else '[]::varchar[]' }}) as decision_role
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

profiled as (

    select
        scored.as_of_date,
        scored.group_id,
        history.service_profile
    from scored
    inner join {{ ref('segment_history') }} as history
        on
            scored.group_id = history.group_id
            and history.valid_from_date <= scored.as_of_date
            and coalesce(history.valid_to_date > scored.as_of_date, true)

)

select
    profiled.as_of_date,
    profiled.group_id,
    required.decision_role,
    count(contact.contact_id) as active_contacts,
    max(contact.last_two_way_date) as last_two_way_date,
    coalesce(
        max(contact.last_two_way_date)
        > profiled.as_of_date - {{ threshold('health.components.role_coverage.window_days') }},
        false
    ) as is_reached
from profiled
inner join required on profiled.service_profile = required.service_profile
left join {{ ref('int_contact_night__linked') }} as contact
    on
        profiled.as_of_date = contact.as_of_date
        and profiled.group_id = contact.group_id
        and required.decision_role = contact.decision_role
        and contact.is_active
group by profiled.as_of_date, profiled.group_id, required.decision_role
