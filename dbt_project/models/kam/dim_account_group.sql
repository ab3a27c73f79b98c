with tonight as (

    select account_group_night.*
    from {{ ref('account_group_night') }} as account_group_night
    inner join {{ source('control', 'run') }} as run
        on account_group_night.as_of_date = run.as_of_date

),

supplied as (

    select
        {{ is_supplied('account') }} or {{ is_supplied('programme_decision') }} as has_programme,
        {{ is_supplied('account') }} as has_owner
)

select
    tonight.group_id,
    tonight.group_name,
    tonight.is_pseudo_member,
    case
        when tonight.is_pseudo_member or supplied.has_programme then tonight.is_key_account
    end as is_key_account,
    tonight.lifecycle,
    tonight.first_invoice_date,
    tonight.last_invoice_date,
    tonight.tenure_start_date,
    cast(tonight.tenure_days as bigint) as tenure_days,
    tonight.segment_code,
    tonight.service_profile,
    tonight.manager_id,
    tonight.territory,
    cast(tonight.n_accounts as bigint) as n_accounts,
    case
        when not tonight.is_pseudo_member then nullif(
            concat_ws(
                ';',
                case when not supplied.has_programme then 'is_key_account:NO_SOURCE' end,
                case when tonight.lifecycle is null then 'lifecycle:NO_HISTORY' end,
                case when not supplied.has_owner then 'manager_id:NO_SOURCE' end
            ),
            ''
        )
    end as missing_reason
from tonight
cross join supplied
