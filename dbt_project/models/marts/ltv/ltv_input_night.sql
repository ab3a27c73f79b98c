with night as (

    select
        *,
        cast(date_trunc('month', as_of_date) as date) as month
    from {{ source('control', 'night') }}

),

history as (

    select min(posting_date) as first_posting_date
    from {{ ref('invoice_line') }}

),

attributes as (

    select * from {{ ref('int_group_day__attributes') }}

),

summary as (

    select * from {{ ref('int_group_cutoff__summarised') }}
    where window_months = 0

),

realised as (

    select
        night.as_of_date,
        contributed.group_id,
        case
            when count(*) = count(contributed.contribution_rc) then sum(contributed.contribution_rc)
        end as realised_to_date_rc
    from night
    inner join {{ ref('int_group_month__contributed') }} as contributed
        on contributed.month <= night.month
    group by night.as_of_date, contributed.group_id

),

classed as (

    select
        night.as_of_date,
        attributes.group_id,
        realised.group_id is not null
        and (attributes.is_key_account or night.is_month_end) as is_published,
        case
            when attributes.is_pseudo_member then 'PSEUDO'
            when attributes.is_prospect then 'PROSPECT'
            when history.first_posting_date > cast(night.as_of_date - to_months(12) as date)
                then 'INSUFFICIENT_HISTORY'
            when attributes.tenure_days < {{ threshold('calendar.new_account_days') }} then 'NEW'
            else 'OK'
        end as status,
        attributes.first_invoice_date,
        realised.realised_to_date_rc
    from night
    cross join history
    inner join attributes on night.as_of_date = attributes.day_date
    left join realised
        on night.as_of_date = realised.as_of_date
        and attributes.group_id = realised.group_id

)

select
    classed.as_of_date,
    classed.group_id,
    classed.is_published,
    classed.status,
    cast(classed.realised_to_date_rc as decimal(18, 2)) as realised_to_date_rc,
    coalesce(channelled.fit_segment, 'company') as fit_segment,
    coalesce(summary.is_in_fit, false) as is_in_fit,
    coalesce(summary.n_orders, 0) as n_orders,
    summary.last_order_date,
    greatest(coalesce(summary.n_orders, 0) - 1, 0) as n_repeats,
    coalesce(summary.last_order_date - summary.first_order_date, 0) as repeat_days,
    -- A client whose invoices have no order behind them is observed from its first invoice.
    coalesce(
        classed.as_of_date - coalesce(summary.first_order_date, classed.first_invoice_date), 0
    ) as observed_days,
    coalesce(margined.order_days, 0) as margin_order_days,
    margined.contribution_rc as margin_contribution_rc,
    coalesce(margined.n_order_months, 0) as margin_months,
    coalesce(margined.within_square, 0) as margin_within_square
from classed
left join summary
    on classed.as_of_date = summary.as_of_date
    and classed.group_id = summary.group_id
left join {{ ref('int_group_night__channelled') }} as channelled
    on classed.as_of_date = channelled.as_of_date
    and classed.group_id = channelled.group_id
left join {{ ref('int_group_night__margined') }} as margined
    on classed.as_of_date = margined.as_of_date
    and classed.group_id = margined.group_id
where classed.is_published or classed.status not in ('PSEUDO', 'PROSPECT')
