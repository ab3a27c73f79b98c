{%- set months = threshold('portfolio.stage.window_months') -%}
select
    as_of_date,
    not is_month_end as is_to_date,
    is_tonight,
    is_reconstructed,
    cast(date_trunc('month', as_of_date) - interval 11 months as date) as first_month,
    cast(date_trunc('month', as_of_date) as date) as last_month,
    cast(date_trunc('month', as_of_date) - interval {{ months - 1 }} months as date) as stage_from_date,
    case
        when is_month_end then last_day(cast(as_of_date - interval {{ months }} months as date))
        else cast(as_of_date - interval {{ months }} months as date)
    end as compared_date
from {{ source('control', 'night') }}
where is_month_end or is_tonight
