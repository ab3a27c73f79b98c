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
        realised.realised_to_date_rc
    from night
    cross join history
    inner join attributes on night.as_of_date = attributes.day_date
    left join realised
        on night.as_of_date = realised.as_of_date
        and attributes.group_id = realised.group_id

)

select
    as_of_date,
    group_id,
    is_published,
    status,
    cast(realised_to_date_rc as decimal(18, 2)) as realised_to_date_rc
from classed
where is_published or status not in ('PSEUDO', 'PROSPECT')
