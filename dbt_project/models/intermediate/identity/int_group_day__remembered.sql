with day as (

    select * from {{ ref('int_day__listed') }}
    where not is_tonight

)

select
    day.day_date,
    history.group_id,
    history.is_key_account,
    history.manager_id
from {{ source('memory', 'dim_account_group_history') }} as history
inner join day
    on history.valid_from_date <= day.day_date
    and coalesce(history.valid_to_date, date '9999-12-31') > day.day_date
where not history.is_reconstructed and not history.is_pseudo_member
