{%- set momentum_days = threshold('health.components.momentum.window_days') -%}
{%- set quality_days = threshold('health.components.quality.window_days') -%}
with scored as (

    select
        as_of_date,
        group_id,
        as_of_date - {{ momentum_days - 1 }} as first_date,
        cast((as_of_date - {{ momentum_days - 1 }}) - interval 1 year as date) as base_first_date,
        cast(as_of_date - interval 1 year as date) as base_last_date
    from {{ ref('int_health_night__scored') }}

),

delivered as (

    select cast(date_trunc('month', min(posting_date)) as date) as first_month
    from {{ ref('int_group_day__money') }}

),

joined as (

    select
        scored.*,
        money.posting_date,
        money.net_revenue_rc,
        money.net_revenue_cc,
        money.invoiced_rc,
        money.credits_rc,
        money.posting_date > scored.as_of_date - 365 as is_in_year,
        money.posting_date >= scored.first_date as is_in_window,
        money.posting_date between scored.base_first_date and scored.base_last_date as is_in_base,
        money.posting_date > scored.as_of_date - {{ quality_days }} as is_in_quality
    from scored
    left join {{ ref('int_group_day__money') }} as money
        on
            scored.group_id = money.group_id
            and money.posting_date between
                least(scored.base_first_date, scored.as_of_date - {{ quality_days - 1 }})
                and scored.as_of_date

)

select
    joined.as_of_date,
    joined.group_id,
    {%- for name, column, window in [
        ('net_revenue_cc', 'net_revenue_cc', 'is_in_window'),
        ('base_net_revenue_cc', 'net_revenue_cc', 'is_in_base'),
        ('net_revenue_t12m_rc', 'net_revenue_rc', 'is_in_year'),
        ('invoiced_rc', 'invoiced_rc', 'is_in_quality'),
        ('credits_rc', 'credits_rc', 'is_in_quality'),
    ] %}
    case
        when count(*) filter (where joined.{{ window }} and joined.{{ column }} is null) = 0
            then coalesce(sum(joined.{{ column }}) filter (where joined.{{ window }}), 0)
    end as {{ name }},
    {%- endfor %}
    joined.base_first_date >= delivered.first_month as is_base_delivered,
    max(joined.posting_date) filter (where joined.is_in_window) as window_newest_date,
    max(joined.posting_date) filter (where joined.is_in_base) as base_newest_date,
    max(joined.posting_date) filter (where joined.is_in_quality) as quality_newest_date
from joined
cross join delivered
group by joined.as_of_date, joined.group_id, joined.base_first_date, delivered.first_month
