{%- set totals = ['ltv_mean_rc', 'raw_p10_rc', 'raw_p50_rc', 'raw_p90_rc'] %}
{%- set widened = ['ltv_p10_rc', 'ltv_p90_rc'] %}
with typed as (

    select
        as_of_date,
        scope,
        horizon_months,
        n_groups,
        {%- for column in totals %}
        cast({{ known(column) }} as decimal(18, 2)) as {{ column }},
        {%- endfor %}
        n_cutoffs,
        n_independent_cutoffs,
        {{ known('rms_error_ratio') }} as rms_error_ratio,
        {%- for column in widened %}
        cast({{ known(column) }} as decimal(18, 2)) as {{ column }},
        {%- endfor %}
        is_beyond_proof
    from {{ source('scores', 'portfolio_ltv_estimate') }}

)

select
    *,
    nullif(concat_ws(
        ';',
        {%- for column in totals %}
        case when {{ column }} is null then '{{ column }}:NO_SOURCE' end,
        {%- endfor %}
        case when rms_error_ratio is null then 'rms_error_ratio:NO_HISTORY' end,
        {%- for column in widened %}
        case
            when {{ column }} is null and ltv_mean_rc is null then '{{ column }}:NO_SOURCE'
            when {{ column }} is null then '{{ column }}:NO_HISTORY'
        end{{ "," if not loop.last }}
        {%- endfor %}
    ), '') as missing_reason
from typed
