with run as (

    select * from {{ source('control', 'run') }}

),

decided as (

    select
        decided.group_id,
        decided.day_date,
        decided.is_key_account
    from {{ ref('int_group_day__decided') }} as decided
    inner join {{ ref('int_day__listed') }} as day on decided.day_date = day.day_date
    where day.is_night

),

-- What a publication said holds from its day on; the nights being computed say it of their own day.
stated as (

    select
        remembered.group_id,
        remembered.valid_from_date as day_date,
        remembered.is_key_account
    from {{ source('memory', 'dim_account_group_history') }} as remembered
    where remembered.valid_from_date not in (select decided.day_date from decided)
    union all
    select * from decided

),

event as (

    select
        account_event.event_id,
        account.group_id as anchor_group_id,
        account_event.event_type,
        account_event.event_date,
        nullif(trim(account_event.region), '') as region,
        coalesce(nullif(trim(account_event.category), ''), 'ALL') as category,
        run.as_of_date
    from {{ ref('account_event') }} as account_event
    inner join {{ ref('int_account__grouped') }} as account
        on account_event.account_id = account.account_key and account.account_kind = 'crm_account'
    inner join run on account_event.event_date <= run.as_of_date
    where account_event.event_type in ('win', 'listing', 'case_study', 'joint_campaign', 'loss')

),

standing as (

    select
        event.event_id,
        arg_max(stated.is_key_account, stated.day_date)
            filter (where stated.day_date <= event.event_date) as was_key_account,
        bool_or(stated.is_key_account) filter (where stated.day_date = event.as_of_date) as is_key_account
    from event
    inner join stated on event.anchor_group_id = stated.group_id
    group by event.event_id

)

select
    event.event_id,
    event.anchor_group_id,
    event.event_type,
    event.event_date,
    cast(date_trunc('month', event.event_date) as date) as month,
    event.region,
    upper(event.region) as region_key,
    event.category,
    upper(event.category) as category_key
from event
inner join standing on event.event_id = standing.event_id
where coalesce(standing.was_key_account, false) or coalesce(standing.is_key_account, false)
