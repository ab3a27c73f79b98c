-- Who belonged to a scope on the last day of the prior window, so that those who left still count.
with night as (

    select
        as_of_date,
        is_month_end,
        {{ constant_rate_date('as_of_date') }} as constant_rate_date,
        cast(date_trunc('month', as_of_date) - interval 11 months as date) as current_from_date,
        cast(date_trunc('month', as_of_date) - interval 23 months as date) as prior_from_date,
        case
            when is_month_end then last_day(cast(as_of_date - interval 1 year as date))
            else cast(as_of_date - interval 1 year as date)
        end as prior_to_date
    from {{ source('control', 'night') }}
    where is_month_end or is_tonight

)

select
    night.*,
    attributes.group_id,
    unnest(
        ['company']
        || case when attributes.is_key_account then ['key'] else [] end
        || case when segment.segment_code is not null then ['segment:' || segment.segment_code] else [] end
        || case when attributes.manager_id is not null then ['manager:' || attributes.manager_id] else [] end
    ) as scope
from night
inner join {{ ref('int_group_day__attributes') }} as attributes
    on night.prior_to_date = attributes.day_date
    and attributes.is_client
left join {{ ref('segment_history') }} as segment
    on attributes.group_id = segment.group_id
    and {{ holds_on('segment', 'night.prior_to_date') }}
