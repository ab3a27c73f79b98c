-- Estimates are rounded to cents half away from zero, which is what a cast to DECIMAL does. Prospects and
-- pseudo-members have no estimate: they carry what was realised, and their status.

{%- set estimates = ['margin_per_order_rc', 'ltv_mean_rc', 'ltv_p10_rc', 'ltv_p50_rc', 'ltv_p90_rc'] %}
with published as (

    select * from {{ ref('ltv_input_night') }}
    cross join (select unnest({{ threshold('ltv.horizons') }}) as horizon_months)
    where is_published

),

joined as (

    select
        published.as_of_date,
        published.group_id,
        published.horizon_months,
        published.status,
        published.realised_to_date_rc,
        estimate.group_id is not null as is_client,
        estimate.fit_segment,
        estimate.n_orders,
        estimate.last_order_date,
        {{ known('estimate.usual_gap_days') }} as usual_gap_days,
        {{ known('estimate.p_alive') }} as p_alive,
        {{ known('estimate.p_order_90d') }} as p_order_90d,
        estimate.expected_orders,
        {%- for column in estimates %}
        cast({{ known('estimate.' ~ column) }} as decimal(18, 2)) as {{ column }},
        {%- endfor %}
        estimate.rung,
        estimate.method,
        estimate.n_backtest,
        estimate.is_interval_pooled,
        estimate.is_beyond_proof
    from published
    left join {{ source('scores', 'account_ltv_estimate') }} as estimate
        on published.as_of_date = estimate.as_of_date
        and published.group_id = estimate.group_id
        and published.horizon_months = estimate.horizon_months

),

reasoned as (

    select
        *,
        cast(realised_to_date_rc + ltv_mean_rc as decimal(18, 2)) as ltv_total_rc,
        case when realised_to_date_rc is null then 'NO_SOURCE' else 'TOO_FEW' end as money_reason,
        case when rung < 4 then 'NO_HISTORY' else 'TOO_FEW' end as model_reason
    from joined

)

select
    * exclude (is_client, money_reason, model_reason),
    nullif(concat_ws(
        ';',
        case when realised_to_date_rc is null then 'realised_to_date_rc:NO_SOURCE' end,
        case when is_client and last_order_date is null then 'last_order_date:TOO_FEW' end,
        case when is_client and usual_gap_days is null then 'usual_gap_days:TOO_FEW' end,
        {%- for column in ['p_alive', 'p_order_90d'] %}
        case when is_client and {{ column }} is null then '{{ column }}:' || model_reason end,
        {%- endfor %}
        {%- for column in estimates + ['ltv_total_rc'] %}
        case when is_client and {{ column }} is null then '{{ column }}:' || money_reason end{{ "," if not loop.last }}
        {%- endfor %}
    ), '') as missing_reason
from reasoned
