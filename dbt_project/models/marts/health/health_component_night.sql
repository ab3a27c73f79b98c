with scored as (

    select * from {{ ref('int_health_night__scored') }}

),

component as (

    {%- for name, rule in threshold('health.components').items() %}
    select
        {{ loop.index }} as place,
        '{{ name }}' as component,
        cast({{ rule.weight }} as double) as weight,
        cast({{ rule.red }} as double) as red,
        cast({{ rule.green }} as double) as green
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

reasoned as (

    select
        scored.as_of_date,
        scored.group_id,
        component.*,
        measured.raw_value,
        measured.newest_date,
        case
            when scored.is_new and component.component in ('momentum', 'sow_trend') then 'NEW'
            when not fed.is_supplied or measured.own_reason = 'NO_SOURCE' then 'NO_SOURCE'
            when
                scored.is_reconstructed
                and component.component in ('role_coverage', 'thread_depth', 'voice')
                then 'NO_HISTORY'
            when measured.own_reason = 'NO_HISTORY' then 'NO_HISTORY'
            when (fed.is_late and scored.is_tonight) or measured.own_reason = 'STALE' then 'STALE'
            when measured.raw_value is null then 'TOO_FEW'
        end as missing_reason
    from scored
    cross join component
    inner join {{ ref('int_component__fed') }} as fed on component.component = fed.component
    left join {{ ref('int_health_component_night__measured') }} as measured
        on
            scored.as_of_date = measured.as_of_date
            and scored.group_id = measured.group_id
            and component.component = measured.component

),

pointed as (

    select
        *,
        missing_reason is null as is_available,
        case
            when missing_reason is null
                then 100 * least(1, greatest(0, (raw_value - red) / (green - red)))
        end as points,
        sum(weight) filter (where missing_reason is null) over (
            partition by as_of_date, group_id
            order by place nulls last
            rows between unbounded preceding and unbounded following
        ) as available_weight
    from reasoned

)

select
    as_of_date,
    group_id,
    component,
    weight,
    case when is_available then raw_value end as raw_value,
    points,
    is_available,
    missing_reason,
    cast(case when is_available then as_of_date - newest_date end as bigint) as input_age_days,
    weight * points / available_weight as contribution_points,
    cast(null as double) as risk_log_odds
from pointed
