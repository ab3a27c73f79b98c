with scored as (

    select * from {{ ref('int_health_night__scored') }}

),

account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

viewed as (

    select
        account.group_id,
        view.viewed_date,
        avg(view.view_0_100 order by view.account_id) as view_0_100
    from {{ ref('manager_view') }} as view
    inner join account on view.account_id = account.account_key
    where view.view_0_100 is not null
    group by account.group_id, view.viewed_date

),

latest as (

    select
        scored.as_of_date,
        scored.group_id,
        scored.is_reconstructed,
        viewed.viewed_date,
        viewed.view_0_100,
        not scored.is_reconstructed
        and viewed.viewed_date
        > scored.as_of_date - {{ threshold('missing.manager_view_max_age_days') }} as is_valid
    from scored
    asof left join viewed
        on
            scored.group_id = viewed.group_id
            and scored.as_of_date >= viewed.viewed_date

)

select
    as_of_date,
    group_id,
    case when is_valid then view_0_100 end as manager_view,
    case when is_valid then viewed_date end as manager_view_date,
    case
        when is_valid then null
        when not {{ is_supplied('manager_view') }} then 'NO_SOURCE'
        when is_reconstructed then 'NO_HISTORY'
        when viewed_date is not null then 'STALE'
        else 'TOO_FEW'
    end as missing_reason
from latest
