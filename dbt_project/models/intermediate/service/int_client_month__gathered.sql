{%- set feeds = [
    'order', 'credit_hold', 'promotion', 'invoice', 'case', 'policy_exception', 'account_event', 'activity'
] -%}
with client as (

    select
        profiled.*,
        {{ count_window_start('profiled.month') }} as window_start,
        coalesce(profiled.tenure_start_date > {{ count_window_start('profiled.month') }}, true) as is_new
    from {{ ref('int_group_month__profiled') }} as profiled

),

feed as (

    select * from {{ ref('int_service_feed__reached') }}

),

campaign as (

    select client.month, client.group_id, count(*) as n_campaigns
    from client
    inner join {{ ref('int_account__grouped') }} as account
        on client.group_id = account.group_id and account.account_kind = 'crm_account'
    inner join {{ ref('account_event') }} as event
        on account.account_key = event.account_id and event.event_type = 'joint_campaign'
        and event.event_date between client.window_start and client.last_date
    group by client.month, client.group_id

)

select
    client.*,
    performance.* exclude (month, group_id),
    ready.n_lines as n_planned_lines,
    {{ told_ratio('ready.n_ready_lines', 'ready.n_lines') }} as ready_share,
    hold.hours as hold_hours,
    answer.hours as answer_hours,
    coalesce(campaign.n_campaigns, 0) as n_campaigns,
    visited.* exclude (month, group_id),
    coalesce(crossed.departments_active_90d, 0) as n_departments,
    coalesce(account_event_feed.first_month > client.window_start, true) as is_event_cut,
    coalesce(activity_feed.first_month > client.window_start, true) as is_review_cut,
    coalesce(
        activity_feed.first_month
        > client.last_date - {{ threshold('cross_functional.window_days') - 1 }}, true
    ) as is_breadth_cut,
    {%- for name in feeds %}
    {{ feed_reason(name ~ '_feed', 'client.month', 'client.last_date') }}
        as {{ name }}_reason{{ ',' if not loop.last }}
    {%- endfor %}
from client
left join {{ ref('service_performance_monthly') }} as performance
    on client.group_id = performance.group_id and client.month = performance.month
left join {{ ref('int_ready_month__planned') }} as ready
    on client.group_id = ready.group_id and client.month = ready.month
left join {{ ref('int_credit_hold_month__waited') }} as hold
    on client.group_id = hold.group_id and client.month = hold.month
left join {{ ref('int_exception_month__answered') }} as answer
    on client.group_id = answer.group_id and client.month = answer.month
left join campaign on client.group_id = campaign.group_id and client.month = campaign.month
left join {{ ref('int_group_month__visited') }} as visited
    on client.group_id = visited.group_id and client.month = visited.month
left join {{ ref('int_group_day__crossed') }} as crossed
    on client.group_id = crossed.group_id and client.last_date = crossed.day_date
{%- for name in feeds %}
left join feed as {{ name }}_feed on {{ name }}_feed.feed = '{{ name }}'
{%- endfor %}
