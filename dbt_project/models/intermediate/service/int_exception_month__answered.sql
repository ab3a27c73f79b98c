with waiting as (

    select
        month.month,
        request.group_id,
        request.exception_id,
        request.requested_at,
        request.requested_date,
        month.last_date,
        request.decided_date <= month.last_date as is_decided,
        request.hours_waiting
    from {{ ref('int_exception__requested') }} as request
    inner join {{ ref('int_service_month__listed') }} as month
        on
            request.requested_date <= month.last_date
            and case
                when request.decided_date <= month.last_date
                    then request.decided_date >= month.month and request.decision in ('approved', 'rejected')
                else request.decided_date is not null or request.decision = 'pending'
            end

),

counted as (

    select
        waiting.month,
        waiting.group_id,
        case
            when waiting.is_decided then waiting.hours_waiting
            else {{ business_hours('waiting.requested_at', 'from_day', end_of_date('waiting.last_date'), 'to_day') }}
        end as hours
    from waiting
    left join {{ ref('int_business_day__counted') }} as from_day
        on waiting.requested_date = from_day.calendar_date
    left join {{ ref('int_business_day__counted') }} as to_day
        on waiting.last_date + 1 = to_day.calendar_date

)

select
    month,
    group_id,
    median(hours) as hours
from counted
group by month, group_id
