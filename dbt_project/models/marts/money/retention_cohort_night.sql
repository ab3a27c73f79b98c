with member as (

    select * from {{ ref('int_client_night__enrolled') }}

),

night as (

    select distinct as_of_date, constant_rate_date, current_from_date, prior_from_date, prior_to_date
    from member

),

delivered as (

    select min(month) as first_month from {{ ref('int_invoice_line__attributed') }}

),

revenue as (

    select
        night.as_of_date,
        money.group_id,
        {{ complete_sum(
            'case when money.posting_date >= night.current_from_date then money.net_revenue_cc else 0 end'
        ) }} as current_cc,
        {{ complete_sum(
            'case when money.posting_date <= night.prior_to_date then money.net_revenue_cc else 0 end'
        ) }} as prior_cc
    from night
    inner join {{ ref('int_group_day__restated') }} as money
        on night.constant_rate_date = money.constant_rate_date
        and money.posting_date between night.prior_from_date and night.as_of_date
        and (
            money.posting_date >= night.current_from_date
            or money.posting_date <= night.prior_to_date
        )
    group by night.as_of_date, money.group_id

),

summed as (

    select
        member.as_of_date,
        member.scope,
        not member.is_month_end as is_to_date,
        member.prior_from_date < delivered.first_month as is_before_history,
        bool_and(
            revenue.group_id is null
            or (revenue.current_cc is not null and revenue.prior_cc is not null)
        ) as is_known,
        coalesce(sum(prior_cc) filter (where prior_cc > 0), 0) as base_cc,
        coalesce(sum(greatest(0, current_cc - prior_cc)) filter (where prior_cc > 0), 0) as expansion_cc,
        coalesce(sum(prior_cc - current_cc) filter (where 0 < current_cc and current_cc < prior_cc), 0)
            as contraction_cc,
        coalesce(sum(prior_cc) filter (where prior_cc > 0 and current_cc <= 0), 0) as lost_cc,
        count(*) filter (where prior_cc > 0) as n_base,
        count(*) filter (where prior_cc > 0 and current_cc > 0) as n_kept
    from member
    cross join delivered
    left join revenue
        on member.as_of_date = revenue.as_of_date and member.group_id = revenue.group_id
    group by all

),

-- The programme as a whole has a row even while nobody is in it.
scoped as (

    select * from summed
    union all
    select
        * replace (
            'key' as scope, true as is_known, 0 as base_cc, 0 as expansion_cc, 0 as contraction_cc,
            0 as lost_cc, 0 as n_base, 0 as n_kept
        )
    from summed as company
    where
        scope = 'company'
        and not exists (
            select 1 from summed as keyed
            where keyed.as_of_date = company.as_of_date and keyed.scope = 'key'
        )

),

rated as (

    select
        as_of_date,
        scope,
        is_to_date,
        is_known,
        is_before_history,
        {%- for column in ['base_cc', 'expansion_cc', 'contraction_cc', 'lost_cc', 'n_base'] %}
        case when is_known then {{ column }} end as {{ column }},
        {%- endfor %}
        n_kept,
        case when is_known and not is_before_history then nullif(cast(base_cc as double), 0) end as divisor,
        case when is_known and not is_before_history then nullif(cast(n_base as double), 0) end as n_divisor
    from scoped

)

select
    as_of_date,
    scope,
    is_to_date,
    base_cc,
    expansion_cc,
    contraction_cc,
    lost_cc,
    cast(base_cc + expansion_cc - contraction_cc - lost_cc as double) / divisor as net_revenue_retention,
    cast(base_cc - contraction_cc - lost_cc as double) / divisor as gross_revenue_retention,
    n_base,
    n_kept / n_divisor as logo_retention,
    case
        when not is_known
            then 'base_cc:NO_SOURCE;expansion_cc:NO_SOURCE;contraction_cc:NO_SOURCE;lost_cc:NO_SOURCE;'
                || 'net_revenue_retention:NO_SOURCE;gross_revenue_retention:NO_SOURCE;'
                || 'n_base:NO_SOURCE;logo_retention:NO_SOURCE'
        when is_before_history
            then 'net_revenue_retention:NO_HISTORY;gross_revenue_retention:NO_HISTORY;logo_retention:NO_HISTORY'
        when divisor is null
            then 'net_revenue_retention:TOO_FEW;gross_revenue_retention:TOO_FEW;logo_retention:TOO_FEW'
    end as missing_reason
from rated
