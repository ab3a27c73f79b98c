select
    as_of_date,
    group_id,
    'momentum' as component,
    case
        when is_base_delivered and base_net_revenue_cc > 0
            then cast(net_revenue_cc as double) / cast(base_net_revenue_cc as double) - 1
    end as raw_value,
    newest_date,
    case when net_revenue_cc is null or base_net_revenue_cc is null then 'NO_SOURCE' end as own_reason
from {{ ref('int_momentum_night__windowed') }}
union all
select
    as_of_date,
    group_id,
    'sow_trend' as component,
    share_change as raw_value,
    newest_date,
    case
        when is_before_delivery then 'NO_HISTORY'
        when is_expired then 'STALE'
    end as own_reason
from {{ ref('int_wallet_night__compared') }}
union all
select
    as_of_date,
    group_id,
    'otif' as component,
    case
        when n_lines >= {{ threshold('health.components.otif.min_lines') }}
            then n_otif_lines / cast(n_lines as double)
    end as raw_value,
    newest_date,
    case when is_without_arrivals then 'NO_SOURCE' end as own_reason
from {{ ref('int_otif_night__measured') }}
union all
select
    as_of_date,
    group_id,
    'quality' as component,
    case
        when invoiced_rc > 0 then cast(credits_rc as double) / cast(invoiced_rc as double)
    end as raw_value,
    newest_date,
    case when credits_rc is null or invoiced_rc is null then 'NO_SOURCE' end as own_reason
from {{ ref('int_revenue_night__windowed') }}
union all
select
    as_of_date,
    group_id,
    'payment' as component,
    days_late as raw_value,
    newest_date,
    case when is_without_rate then 'NO_SOURCE' end as own_reason
from {{ ref('int_receivable_night__aged') }}
union all
select
    as_of_date,
    group_id,
    'role_coverage' as component,
    count(*) filter (where is_reached) / cast(count(*) as double) as raw_value,
    max(last_two_way_date) as newest_date,
    cast(null as varchar) as own_reason
from {{ ref('int_role_night__covered') }}
group by as_of_date, group_id
union all
select
    as_of_date,
    group_id,
    'thread_depth' as component,
    cast(bus_factor as double) as raw_value,
    last_two_way_date as newest_date,
    cast(null as varchar) as own_reason
from {{ ref('int_bus_factor_night__counted') }}
union all
select
    as_of_date,
    group_id,
    'voice' as component,
    case when n_respondents >= {{ threshold('missing.nps_min_respondents') }} then voice end as raw_value,
    newest_date,
    case when n_respondents = 0 then 'STALE' end as own_reason
from {{ ref('int_survey_night__answered') }}
union all
select
    as_of_date,
    group_id,
    'plan_execution' as component,
    n_kept / cast(n_due as double) as raw_value,
    newest_date,
    cast(null as varchar) as own_reason
from {{ ref('int_plan_night__executed') }}
