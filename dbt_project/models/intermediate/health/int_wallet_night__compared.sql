{%- set lag_days = threshold('health.components.sow_trend.lag_days') -%}
with scored as (

    select * from {{ ref('int_health_night__scored') }}

),

wallet as (

    select * from {{ ref('int_wallet_night__valid') }}

),

account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

first_estimate as (

    select account.group_id, min(estimate.estimated_date) as estimated_date
    from {{ ref('wallet_estimate') }} as estimate
    inner join account on estimate.account_id = account.account_key
    group by account.group_id

),

delivered as (

    select cast(date_trunc('month', min(posting_date)) as date) as first_month
    from {{ ref('int_group_category_day__sold') }}

)

select
    scored.as_of_date,
    scored.group_id,
    case
        when wallet.wallet_source = earlier.wallet_source and wallet.estimates <> earlier.estimates
            then wallet.share_of_wallet - earlier.share_of_wallet
    end as share_change,
    wallet.estimated_date as newest_date,
    wallet.group_id is null and first_estimate.estimated_date <= scored.as_of_date as is_expired,
    coalesce(scored.as_of_date - {{ lag_days }} - 364 < delivered.first_month, false)
        as is_before_delivery
from scored
cross join delivered
left join wallet
    on scored.group_id = wallet.group_id and scored.as_of_date = wallet.as_of_date
left join wallet as earlier
    on
        scored.group_id = earlier.group_id
        and scored.as_of_date - {{ lag_days }} = earlier.as_of_date
left join first_estimate on scored.group_id = first_estimate.group_id
