with delivered as (

    select
        cast(date_trunc('month', min(posting_date)) as date) as first_month,
        min(posting_date) filter (where document_type = 'INVOICE')
        + {{ threshold('calendar.left_censor_days') }} as censored_before_date
    from {{ ref('int_invoice_line__attributed') }}

),

compared as (

    select
        contributed.*,
        supplied.has_goods,
        coalesce(contributed.before_from_date < delivered.first_month, true) as is_before_history,
        coalesce(
            contributed.last_date - attributes.tenure_start_date < {{ threshold('calendar.new_account_days') }}
            and not (
                attributes.tenure_start_date = attributes.first_invoice_date
                and attributes.first_invoice_date < delivered.censored_before_date
            ),
            false
        ) as is_new
    from {{ ref('int_group_quarter_night__contributed') }} as contributed
    cross join delivered
    cross join {{ ref('int_cost__supplied') }} as supplied
    left join {{ ref('int_group_day__attributes') }} as attributes
        on contributed.as_of_date = attributes.day_date and contributed.group_id = attributes.group_id

),

reasoned as (

    select
        *,
        case
            when is_new then 'NEW'
            when not has_goods or current_rc is null or before_rc is null then 'NO_SOURCE'
            when is_before_history then 'NO_HISTORY'
            when before_rc <= 0 then 'TOO_FEW'
        end as our_contribution_reason,
        case
            when our_contribution_reason is null
                then cast(current_rc as double) / cast(before_rc as double) - 1
        end as our_contribution_growth
    from compared

)

select
    as_of_date,
    quarter,
    group_id,
    our_contribution_growth,
    our_contribution_reason,
    case
        when client_sell_out_growth is not null and our_contribution_growth is not null
            then client_sell_out_growth > 0 and our_contribution_growth > 0
    end as is_both_won
from reasoned
