with run as (

    select * from {{ source('control', 'run') }}

),

-- What is decided after the night is not decided yet; an empty decision waits.
known as (

    select
        request.* exclude (decision, decided_at),
        {{ local_date('request.requested_at') }} as requested_date,
        case
            when {{ local_date('request.decided_at') }} > run.as_of_date then 'pending'
            else coalesce(request.decision, 'pending')
        end as decision,
        request.decided_at as delivered_decided_at,
        run.as_of_date,
        coalesce(company.base_currency, run.reporting_currency) as base_currency
    from {{ ref('policy_exception') }} as request
    cross join run
    left join {{ ref('company') }} as company on request.company_code = company.company_code
    where {{ local_date('request.requested_at') }} <= run.as_of_date

),

ended as (

    select
        *,
        case when decision <> 'pending' then delivered_decided_at end as decided_at,
        case when decision = 'pending' then {{ end_of_date('as_of_date') }} else delivered_decided_at end as waited_to_at,
        case
            when cost_base is not null then cast(cost_base as decimal(38, 10))
            when policy_area in ('price', 'promotion')
                then cast((standard_value - granted_value) as decimal(18, 6)) * quantity
        end as deviation_base
    from known

),

waited as (

    select
        ended.*,
        {{ local_date('ended.decided_at') }} as decided_date,
        {{ business_hours('ended.requested_at', 'from_day', 'ended.waited_to_at', 'to_day') }} as hours_waiting
    from ended
    left join {{ ref('int_business_day__counted') }} as from_day
        on ended.requested_date = from_day.calendar_date
    left join {{ ref('int_business_day__counted') }} as to_day
        on {{ local_date('ended.waited_to_at') }} = to_day.calendar_date

)

select
    waited.exception_id,
    coalesce(customer.group_id, 'UNMAPPED') as group_id,
    waited.requested_at,
    waited.requested_date,
    cast(date_trunc('quarter', waited.requested_date) as date) as quarter,
    waited.requested_by_person_id,
    waited.policy_area,
    coalesce(aliased.department, 'Other') as approving_department,
    waited.decided_at,
    waited.decided_date,
    waited.decision,
    waited.hours_waiting,
    {{ exactly_at_rate('waited.deviation_base', 'month_rate.rate') }} as cost_rc,
    waited.valid_until as valid_until_date,
    coalesce(segment.service_profile, 'UNMAPPED') as service_profile,
    waited.reopened_count
from waited
left join {{ ref('int_customer__grouped') }} as customer on waited.customer_id = customer.customer_id
left join {{ ref('int_department__aliased') }} as aliased
    on lower(trim(waited.approving_department)) = aliased.spelling
left join {{ ref('int_currency_month__averaged') }} as month_rate
    on
        waited.base_currency = month_rate.currency
        and date_trunc('month', waited.requested_date) = month_rate.month
left join {{ ref('segment_history') }} as segment
    on
        customer.group_id = segment.group_id
        and {{ holds_on('segment', 'waited.requested_date') }}
