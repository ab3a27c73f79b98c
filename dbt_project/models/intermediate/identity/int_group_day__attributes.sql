with day as (

    select * from {{ ref('int_day__listed') }}
    where is_compared

),

current_group as (

    select * from {{ ref('int_group__current') }}

),

-- In the first days of the delivered invoices a first invoice proves nothing.
delivered as (

    select
        min(posting_date) + {{ threshold('calendar.left_censor_days') }} as censored_before_date
    from {{ ref('invoice_line') }}
    where document_type = 'INVOICE'

),

dated as (

    select
        day.day_date,
        current_group.group_id,
        current_group.is_pseudo_member,
        current_group.created_date,
        invoiced.first_invoice_date,
        invoiced.last_invoice_date,
        invoiced.dormant_limit_days,
        case
            when not day.is_night and remembered.group_id is not null
                then remembered.is_key_account
            else coalesce(decided.is_key_account, false)
        end as is_key_account,
        case
            when not day.is_night and remembered.group_id is not null then remembered.manager_id
            else managed.manager_id
        end as manager_id,
        invoiced.first_invoice_date < delivered.censored_before_date as is_left_censored,
        day.day_date < delivered.censored_before_date as is_day_censored,
        current_group.created_date < invoiced.first_invoice_date as is_created_earlier
    from day
    cross join current_group
    cross join delivered
    left join {{ ref('int_group_day__invoiced') }} as invoiced
        on day.day_date = invoiced.day_date
        and current_group.group_id = invoiced.group_id
    left join {{ ref('int_group_day__decided') }} as decided
        on day.day_date = decided.day_date
        and current_group.group_id = decided.group_id
    left join {{ ref('int_group_day__managed') }} as managed
        on day.day_date = managed.day_date
        and current_group.group_id = managed.group_id
    left join {{ ref('int_group_day__remembered') }} as remembered
        on day.day_date = remembered.day_date
        and current_group.group_id = remembered.group_id

),

tenured as (

    select
        *,
        is_left_censored and not coalesce(is_created_earlier, false) as is_start_unknown,
        case
            when is_left_censored and is_created_earlier then created_date
            else first_invoice_date
        end as tenure_start_date,
        day_date - last_invoice_date as gap_days
    from dated

)

select
    day_date,
    group_id,
    is_pseudo_member,
    not is_pseudo_member as is_client,
    first_invoice_date is null as is_prospect,
    is_key_account and not is_pseudo_member as is_key_account,
    case when not is_pseudo_member then manager_id end as manager_id,
    case
        when is_pseudo_member then null
        when first_invoice_date is null then 'prospect'
        when is_start_unknown and is_day_censored then null
        when
            not is_start_unknown
            and day_date - tenure_start_date < {{ threshold('calendar.new_account_days') }}
            then 'new'
        when gap_days > {{ threshold('calendar.lost_multiple') }} * dormant_limit_days then 'lost'
        when gap_days > dormant_limit_days then 'dormant'
        else 'active'
    end as lifecycle,
    first_invoice_date,
    last_invoice_date,
    tenure_start_date,
    day_date - tenure_start_date as tenure_days
from tenured
