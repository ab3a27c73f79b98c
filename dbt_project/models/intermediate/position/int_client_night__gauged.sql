{%- set rule = threshold('portfolio.stage') -%}
with client as (

    select * from {{ ref('int_client_night__opened') }}

),

entity as (

    select
        bool_or(is_supplied) filter (where entity = 'opportunity') as has_opportunities,
        coalesce(bool_or(is_late) filter (where entity = 'opportunity'), false) as is_opportunity_late,
        count(*) filter (where entity in ('account_plan', 'plan_item') and is_supplied) = 2 as has_plans,
        coalesce(bool_or(is_late) filter (where entity in ('account_plan', 'plan_item')), false) as is_plan_late
    from {{ ref('int_entity__fed') }}

),

activity_feed as (

    select * from {{ ref('int_service_feed__reached') }}
    where feed = 'activity'

),

gathered as (

    select
        client.*,
        loosened.* exclude (as_of_date, group_id),
        shared.is_both_won,
        shared.is_sell_out_shared,
        coalesce(crossed.departments_active_90d, 0) as n_departments,
        case
            when not coalesce(entity.has_opportunities, false) then 'NO_SOURCE'
            when entity.is_opportunity_late and client.is_tonight then 'STALE'
        end as opportunity_reason,
        case
            when not entity.has_plans then 'NO_SOURCE'
            when entity.is_plan_late and client.is_tonight then 'STALE'
        end as plan_reason,
        coalesce(
            {{ feed_reason('activity_feed', 'client.last_month', 'client.as_of_date') }},
            case
                when activity_feed.first_month
                    > client.as_of_date - {{ threshold('cross_functional.window_days') - 1 }}
                    then 'NO_HISTORY'
            end
        ) as department_reason
    from client
    cross join entity
    left join activity_feed on true
    inner join {{ ref('int_client_night__loosened') }} as loosened
        on client.as_of_date = loosened.as_of_date and client.group_id = loosened.group_id
    inner join {{ ref('int_client_night__shared') }} as shared
        on client.as_of_date = shared.as_of_date and client.group_id = shared.group_id
    left join {{ ref('int_group_day__crossed') }} as crossed
        on client.as_of_date = crossed.day_date and client.group_id = crossed.group_id

)

-- What a feed has told stays told; what it has not is false only where it could have told it.
select
    *,
    share_of_wallet >= {{ rule.partnership.share_min }} as is_half,
    share_of_wallet >= {{ rule.mid.share_min }} as is_quarter,
    {{ told('n_departments >= ' ~ rule.partnership.departments_min, 'department_reason') }}
        as has_four_departments,
    {{ told('n_departments >= ' ~ rule.mid.departments_min, 'department_reason') }} as has_three_departments
from gathered
