with scored as (

    select
        as_of_date,
        group_id
    from {{ ref('int_health_night__scored') }}

),

joined as (

    select
        scored.as_of_date,
        scored.group_id,
        money.posting_date,
        money.net_revenue_rc,
        money.invoiced_rc,
        money.credits_rc,
        money.posting_date > scored.as_of_date - 365 as is_in_year,
        money.posting_date
        > scored.as_of_date - {{ threshold('health.components.quality.window_days') }} as is_in_window
    from scored
    left join {{ ref('int_group_day__money') }} as money
        on
            scored.group_id = money.group_id
            and money.posting_date between scored.as_of_date - 364 and scored.as_of_date

)

select
    as_of_date,
    group_id,
    {%- for name, column, window in [
        ('net_revenue_t12m_rc', 'net_revenue_rc', 'is_in_year'),
        ('invoiced_rc', 'invoiced_rc', 'is_in_window'),
        ('credits_rc', 'credits_rc', 'is_in_window'),
    ] %}
    case
        when count(*) filter (where {{ window }} and {{ column }} is null) = 0
            then coalesce(sum({{ column }}) filter (where {{ window }}), 0)
    end as {{ name }},
    {%- endfor %}
    max(posting_date) filter (where is_in_window) as newest_date
from joined
group by as_of_date, group_id
