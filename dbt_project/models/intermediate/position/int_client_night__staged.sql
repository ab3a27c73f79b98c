{%- set rule = threshold('portfolio.stage') -%}
{%- set codes = {
    'SHARE_FALLING': 'is_share_falling', 'ROLES_FALLING': 'is_roles_falling', 'DETRACTOR': 'is_detractor',
    'COMPETITOR': 'is_competitor', 'NO_INVOICE': 'is_uninvoiced', 'OPEN_OPPORTUNITY': 'has_open_opportunity',
    'LIVE_PLAN': 'has_live_plan', 'SHARE_HALF': 'is_half', 'SHARE_QUARTER': 'is_quarter',
    'FOUR_DEPARTMENTS': 'has_four_departments', 'THREE_DEPARTMENTS': 'has_three_departments',
    'LONG_JOINT_ITEM': 'has_long_joint_item', 'GOAL_AND_ACTION': 'has_goal_and_action',
    'BOTH_WON': 'is_both_won', 'SELL_OUT_SHARED': 'is_sell_out_shared',
    'SHARE_UNKNOWN': 'share_of_wallet is null'
} -%}
with measured as (

    select * from {{ ref('int_client_night__gauged') }}

),

joined as (

    select
        *,
        cast(is_share_falling as integer) + cast(is_roles_falling as integer) + cast(is_detractor as integer)
        + cast(is_competitor as integer) >= {{ rule.uncoupling_signs }} as is_loosening,
        coalesce(is_half, false) and has_four_departments and {{ told('has_long_joint_item', 'plan_reason') }}
            as is_partner,
        coalesce(is_quarter, true) and has_three_departments and {{ told('has_goal_and_action', 'plan_reason') }}
            as is_mid
    from measured

),

-- A stage that hangs on what a feed cannot tell is unknown, not early.
staged as (

    select
        *,
        case
            when is_uninvoiced and not (has_open_opportunity or has_live_plan) then null
            when is_loosening then 'UNCOUPLING'
            when is_uninvoiced then 'PRE'
            when is_partner and is_both_won and is_sell_out_shared then 'SYNERGISTIC'
            when is_partner then 'PARTNERSHIP'
            when is_partner is null then null
            when is_mid then 'MID'
            when not is_mid then 'EARLY'
        end as kam_stage
    from joined

)

select
    as_of_date,
    group_id,
    kam_stage,
    nullif(concat_ws(
        ';'
        {%- for code, condition in codes.items() %},
        case when {{ condition }} then '{{ code }}' end
        {%- endfor %}
    ), '') as stage_evidence,
    case
        when kam_stage is not null then null
        when is_uninvoiced then {{ first_reason(['plan_reason', 'opportunity_reason']) }}
        else {{ first_reason(['plan_reason', 'department_reason']) }}
    end as stage_reason
from staged
