{%- set growths = [
    'client_sell_out_growth', 'client_category_growth', 'client_margin_growth', 'our_contribution_growth'
] -%}
{%- set full_scale = threshold('joint_results.full_scale_growth') -%}
with joined as (

    select
        grown.*,
        won.our_contribution_growth,
        won.our_contribution_reason,
        won.is_both_won
    from {{ ref('int_group_quarter__grown') }} as grown
    inner join {{ ref('int_group_quarter_night__won') }} as won
        on grown.quarter = won.quarter and grown.group_id = won.group_id
    inner join {{ source('control', 'run') }} as run on won.as_of_date = run.as_of_date

),

-- Growths in points, the unknown ones left out of the mean.
pointed as (

    select
        *,
        list_filter([
            {%- for growth in growths %}
            case
                when {{ growth }} is not null
                    then least(100, greatest(0, 50 + 50 * {{ growth }} / {{ full_scale }}))
            end{{ ',' if not loop.last }}
            {%- endfor %}
        ], lambda points: points is not null) as points
    from joined

)

select
    quarter,
    group_id,
    {{ growths | join(',\n    ') }},
    client_pieces,
    is_both_won,
    case when our_contribution_growth is not null then list_avg(points) end as joint_result_index,
    nullif(concat_ws(
        ';',
        {%- for growth in growths %}
        {{ missing_pair(growth, growth | replace('_growth', '_reason')) }},
        {%- endfor %}
        'is_both_won:' || {{ first_reason(['our_contribution_reason', 'client_sell_out_reason']) }},
        {{ missing_pair('joint_result_index', 'our_contribution_reason') }}
    ), '') as missing_reason
from pointed
