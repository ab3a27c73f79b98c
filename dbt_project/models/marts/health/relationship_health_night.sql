{%- set order = ['NEW', 'NO_SOURCE', 'NO_HISTORY', 'STALE', 'TOO_FEW'] -%}
with component as (

    select * from {{ ref('health_component_night') }}

),

cap as (

    select
        as_of_date,
        group_id,
        min(max_points) as max_points,
        arg_min(cap, max_points) as cap
    from {{ ref('int_health_cap_night__met') }}
    group by as_of_date, group_id

),

summed as (

    select
        as_of_date,
        group_id,
        sum(weight * points order by component) as weighted_points,
        sum(weight order by component) filter (where is_available) as available_weight,
        sum(weight order by component) as weight,
        count(*) filter (where is_available) as n_components,
        max(input_age_days) as oldest_input_days,
        min(list_position({{ text_list(order) }}, missing_reason)) as reason_place
    from component
    group by as_of_date, group_id

),

weighed as (

    select
        summed.*,
        cap.max_points,
        cap.cap,
        coalesce(weighted_points, 0) as points_if_bad,
        coalesce(weighted_points, 0) + 100 * (weight - coalesce(available_weight, 0)) as points_if_good,
        {{ text_list(order) }}[reason_place] as reason,
        cast(coalesce(available_weight, 0) as decimal(18, 6))
        >= cast({{ threshold('missing.min_coverage') }} as decimal(5, 4)) * cast(weight as decimal(18, 6))
            as is_covered
    from summed
    left join cap
        on
            summed.as_of_date = cap.as_of_date
            and summed.group_id = cap.group_id

),

scored as (

    select
        *,
        weighted_points / available_weight as uncapped_score,
        case
            when is_covered
                then {{ published_score('weighted_points / available_weight', 'max_points') }}
        end as score
    from weighed

)

select
    scored.as_of_date,
    scored.group_id,
    score,
    uncapped_score,
    {{ published_score('points_if_bad / weight', 'max_points') }} as score_if_missing_bad,
    {{ published_score('points_if_good / weight', 'max_points') }} as score_if_missing_good,
    coalesce(available_weight, 0) / weight as coverage_share,
    n_components,
    case
        when score is null then 'GREY'
        when score >= {{ threshold('health.bands.green') }} then 'GREEN'
        when score >= {{ threshold('health.bands.amber') }} then 'AMBER'
        else 'RED'
    end as band,
    case when score is not null and uncapped_score > max_points then cap end as cap_applied,
    oldest_input_days,
    cast(null as double) as churn_probability_90d,
    case when score is null then 'NO_SCORE' else 'UNCALIBRATED' end as risk_status,
    cast(null as double) as risk_intercept,
    view.manager_view,
    view.manager_view_date,
    nullif(
        concat_ws(
            ';',
            case when score is null then {{ missing_pair('score', 'reason') }} end,
            case when uncapped_score is null then {{ missing_pair('uncapped_score', 'reason') }} end,
            case
                when oldest_input_days is null
                    then {{ missing_pair('oldest_input_days', "coalesce(reason, 'TOO_FEW')") }}
            end,
            {%- for column in ['churn_probability_90d', 'risk_intercept'] %}
            {{ missing_pair(column, "case when score is null then reason else 'TOO_FEW' end") }},
            {%- endfor %}
            {{ missing_pair('manager_view', 'view.missing_reason') }},
            {{ missing_pair('manager_view_date', 'view.missing_reason') }}
        ),
        ''
    ) as missing_reason
from scored
inner join {{ ref('int_manager_view_night__latest') }} as view
    on
        scored.as_of_date = view.as_of_date
        and scored.group_id = view.group_id
