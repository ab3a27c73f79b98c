with grown as (

    select
        night.as_of_date,
        grown.*,
        cast(grown.quarter - interval 1 year as date) as before_from_date,
        last_day(cast(grown.quarter - interval 10 months as date)) as before_to_date
    from {{ ref('int_portfolio_night__windowed') }} as night
    inner join {{ ref('int_group_quarter__grown') }} as grown
        on grown.last_date <= night.as_of_date

),

delivered as (

    select
        cast(date_trunc('month', min(posting_date)) as date) as first_month,
        min(posting_date) filter (where document_type = 'INVOICE')
        + {{ threshold('calendar.left_censor_days') }} as censored_before_date
    from {{ ref('int_invoice_line__attributed') }}

),

-- What each night knew: shipments of later days are taken back.
contributed as (

    select
        grown.as_of_date,
        grown.quarter,
        grown.group_id,
        month.month >= grown.quarter as is_current,
        {{ complete_sum('month.contribution_rc - coalesce(unshipped.added_cost_rc, 0)') }} as contribution_rc
    from grown
    inner join {{ ref('int_group_month__contributed') }} as month
        on
            grown.group_id = month.group_id
            and (
                month.month between grown.quarter and grown.last_date
                or month.month between grown.before_from_date and grown.before_to_date
            )
    left join {{ ref('int_client_night__unshipped') }} as unshipped
        on
            grown.as_of_date = unshipped.as_of_date
            and month.group_id = unshipped.group_id
            and month.month = unshipped.month
    group by grown.as_of_date, grown.quarter, grown.group_id, is_current

),

compared as (

    select
        grown.*,
        case when this_year.group_id is null then 0 else this_year.contribution_rc end as current_rc,
        case when year_before.group_id is null then 0 else year_before.contribution_rc end as before_rc,
        supplied.has_goods,
        coalesce(grown.before_from_date < delivered.first_month, true) as is_before_history,
        coalesce(
            grown.last_date - attributes.tenure_start_date < {{ threshold('calendar.new_account_days') }}
            and not (
                attributes.tenure_start_date = attributes.first_invoice_date
                and attributes.first_invoice_date < delivered.censored_before_date
            ),
            false
        ) as is_new
    from grown
    cross join delivered
    cross join {{ ref('int_cost__supplied') }} as supplied
    left join contributed as this_year
        on
            grown.as_of_date = this_year.as_of_date
            and grown.quarter = this_year.quarter
            and grown.group_id = this_year.group_id
            and this_year.is_current
    left join contributed as year_before
        on
            grown.as_of_date = year_before.as_of_date
            and grown.quarter = year_before.quarter
            and grown.group_id = year_before.group_id
            and not year_before.is_current
    left join {{ ref('int_group_day__attributes') }} as attributes
        on grown.as_of_date = attributes.day_date and grown.group_id = attributes.group_id

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
