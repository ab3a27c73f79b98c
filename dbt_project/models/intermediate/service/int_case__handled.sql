with account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

run as (

    select * from {{ source('control', 'run') }}

),

known as (

    select
        service_case.case_id,
        coalesce(account.group_id, 'UNMAPPED') as group_id,
        service_case.opened_at,
        service_case.closed_at,
        {{ local_date('service_case.opened_at') }} as opened_date,
        {{ local_date('service_case.closed_at') }} as closed_date
    from {{ ref('case') }} as service_case
    left join account on service_case.account_id = account.account_key

)

select
    known.case_id,
    known.group_id,
    known.opened_date,
    case when known.closed_date <= run.as_of_date then known.closed_date end as closed_date,
    case
        when known.closed_date <= run.as_of_date
            then {{ business_hours('known.opened_at', 'opened_day', 'known.closed_at', 'closed_day') }}
    end as hours_to_close
from known
inner join run on known.opened_date <= run.as_of_date
left join {{ ref('int_business_day__counted') }} as opened_day
    on known.opened_date = opened_day.calendar_date
left join {{ ref('int_business_day__counted') }} as closed_day
    on known.closed_date = closed_day.calendar_date
