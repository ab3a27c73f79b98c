with account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

viewed as (

    select
        night.as_of_date,
        account.group_id,
        view.viewed_date,
        avg(view.view_0_100 order by view.account_id) as view_0_100
    from {{ ref('manager_view') }} as view
    inner join account on view.account_id = account.account_key
    inner join {{ source('control', 'night') }} as night
        on
            view.viewed_date <= night.as_of_date
            and not night.is_reconstructed
    where view.view_0_100 is not null
    group by night.as_of_date, account.group_id, view.viewed_date

),

latest as (

    select *
    from viewed
    qualify
        row_number() over (
            partition by as_of_date, group_id order by viewed_date desc nulls last
        ) = 1

)

select
    as_of_date,
    group_id,
    viewed_date > as_of_date - {{ threshold('missing.manager_view_max_age_days') }} as is_fresh,
    case
        when viewed_date > as_of_date - {{ threshold('missing.manager_view_max_age_days') }}
            then view_0_100
    end as manager_view,
    case
        when viewed_date > as_of_date - {{ threshold('missing.manager_view_max_age_days') }}
            then viewed_date
    end as manager_view_date
from latest
