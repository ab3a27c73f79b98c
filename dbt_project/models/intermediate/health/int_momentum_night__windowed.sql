{%- set window_days = threshold('health.components.momentum.window_days') -%}
with scored as (

    select
        as_of_date,
        group_id,
        {{ constant_rate_date('as_of_date') }} as constant_rate_date,
        as_of_date - {{ window_days - 1 }} as first_date,
        cast((as_of_date - {{ window_days - 1 }}) - interval 1 year as date) as base_first_date,
        cast(as_of_date - interval 1 year as date) as base_last_date
    from {{ ref('int_health_night__scored') }}

),

money as (

    select * from {{ ref('int_group_day__restated') }}

),

delivered as (

    select cast(date_trunc('month', min(posting_date)) as date) as first_month from money

),

joined as (

    select
        scored.*,
        money.posting_date,
        money.net_revenue_cc,
        money.posting_date >= scored.first_date as is_in_window,
        money.posting_date <= scored.base_last_date as is_in_base
    from scored
    left join money
        on
            scored.group_id = money.group_id
            and scored.constant_rate_date = money.constant_rate_date
            and money.posting_date between scored.base_first_date and scored.as_of_date
            and (
                money.posting_date >= scored.first_date
                or money.posting_date <= scored.base_last_date
            )

)

select
    joined.as_of_date,
    joined.group_id,
    {%- for name, window in [('net_revenue_cc', 'is_in_window'), ('base_net_revenue_cc', 'is_in_base')] %}
    case
        when count(*) filter (where joined.{{ window }} and joined.net_revenue_cc is null) = 0
            then coalesce(sum(joined.net_revenue_cc) filter (where joined.{{ window }}), 0)
    end as {{ name }},
    {%- endfor %}
    joined.base_first_date >= delivered.first_month as is_base_delivered,
    max(joined.posting_date) as newest_date
from joined
cross join delivered
group by joined.as_of_date, joined.group_id, joined.base_first_date, delivered.first_month
