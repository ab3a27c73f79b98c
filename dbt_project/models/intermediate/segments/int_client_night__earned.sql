with night as (

    select as_of_date from {{ source('control', 'night') }}

),

client as (

    select group_id from {{ ref('int_group__current') }}
    where not is_pseudo_member

),

earned as (

    select
        night.as_of_date,
        client.group_id,
        {{ complete_sum(
            'case when money.group_id is null then 0 else money.ledger_revenue_rc end'
        ) }} as revenue_rc
    from night
    cross join client
    left join {{ ref('int_group_day__money') }} as money
        on
            client.group_id = money.group_id
            and money.posting_date between night.as_of_date - 364 and night.as_of_date
    group by night.as_of_date, client.group_id

),

totalled as (

    select
        *,
        case
            when count(*) over in_night = count(revenue_rc) over in_night
                then sum(revenue_rc) over in_night
        end as total_rc
    from earned
    window in_night as (partition by as_of_date)

)

-- Who is major is decided on exact decimals; the share is for reading.
select
    as_of_date,
    group_id,
    revenue_rc,
    case
        when total_rc > 0
            then cast(greatest(0, revenue_rc) as double) / cast(total_rc as double)
    end as revenue_share,
    coalesce(
        total_rc > 0
        and revenue_rc >= total_rc * cast({{ threshold('programme.major_share') }} as decimal(5, 4)),
        false
    ) as is_major,
    case
        when total_rc is null then 'NO_SOURCE'
        when total_rc <= 0 then 'TOO_FEW'
        when revenue_rc is null then 'NO_SOURCE'
    end as share_reason
from totalled
