with summed as (

    select
        night.as_of_date,
        pnl.group_id,
        {{ complete_sum('pnl.cost_to_serve_rc') }} as cost_to_serve_rc,
        {{ complete_sum('pnl.net_revenue_rc') }} as net_revenue_rc
    from {{ ref('int_portfolio_night__windowed') }} as night
    inner join {{ ref('account_pnl_monthly') }} as pnl
        on pnl.month between night.first_month and night.last_month
    group by night.as_of_date, pnl.group_id

)

select
    as_of_date,
    group_id,
    case
        when net_revenue_rc > 0
            then cast(cost_to_serve_rc as double) / cast(net_revenue_rc as double)
    end as cost_to_serve_ratio,
    case when cost_to_serve_rc is null or net_revenue_rc is null then 'NO_SOURCE' end as cost_reason
from summed
