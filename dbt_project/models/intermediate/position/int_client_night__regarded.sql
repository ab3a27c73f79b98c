{%- set high = (threshold('segmentation.impact_levels.HIGH') * 1000000000) | int -%}
with estimate as (

    select
        *,
        bool_or(category = 'ALL') over (partition by as_of_date, group_id) as has_all
    from {{ ref('int_wallet_estimate_night__valid') }}

),

-- Where the whole is estimated, the estimates of categories do not enter; a count below our own rank cannot be true.
largest as (

    select
        as_of_date,
        group_id,
        case when not coalesce(supplier_rank > supplier_count, false) then supplier_count end as supplier_count
    from estimate
    where category = 'ALL' or not has_all
    qualify
        row_number() over (
            partition by as_of_date, group_id
            order by amount_rc desc nulls last, category nulls last, account_id nulls last
        ) = 1

),

first_estimate as (

    select account.group_id, min(estimate.estimated_date) as estimated_date
    from {{ ref('wallet_estimate') }} as estimate
    inner join {{ ref('int_account__grouped') }} as account
        on estimate.account_id = account.account_key and account.account_kind = 'crm_account'
    group by account.group_id

),

seen as (

    select
        client.as_of_date,
        client.group_id,
        case
            when assessed.impact_score is not null
                then {{ billionths('assessed.impact_score') }} >= {{ high }}
        end as is_impact_high,
        largest.supplier_count <= {{ threshold('portfolio.few_suppliers') }} as is_risk_high,
        case when assessed.impact_score is null then coalesce(assessed.impact_reason, 'NO_SOURCE') end
            as impact_reason,
        case
            when largest.supplier_count is not null then null
            when largest.group_id is null and first_estimate.estimated_date <= client.as_of_date then 'STALE'
            else 'NO_SOURCE'
        end as supplier_reason
    from {{ ref('int_client_night__opened') }} as client
    left join {{ ref('int_group_day__assessed') }} as assessed
        on client.as_of_date = assessed.day_date and client.group_id = assessed.group_id
    left join largest on client.as_of_date = largest.as_of_date and client.group_id = largest.group_id
    left join first_estimate on client.group_id = first_estimate.group_id

)

select
    as_of_date,
    group_id,
    case
        when is_impact_high and is_risk_high then 'strategic'
        when is_impact_high and not is_risk_high then 'leverage'
        when not is_impact_high and is_risk_high then 'bottleneck'
        when not is_impact_high and not is_risk_high then 'routine'
    end as supplier_position,
    {{ first_reason(['impact_reason', 'supplier_reason']) }} as position_reason
from seen
