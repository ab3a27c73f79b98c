with population as (

    select
        night.as_of_date,
        attributes.group_id,
        attributes.is_pseudo_member,
        attributes.last_invoice_date
    from {{ source('control', 'night') }} as night
    inner join {{ ref('int_group_day__attributes') }} as attributes on night.as_of_date = attributes.day_date
    where
        night.is_tonight
        and (
            attributes.group_id = 'UNMAPPED'
            or (not attributes.is_pseudo_member and (attributes.is_key_account or night.is_month_end))
        )

),

record as (

    select
        grouped.*,
        grouped.account_kind || ' ' || grouped.account_key as record_key
    from {{ ref('int_account__grouped') }} as grouped

),

money as (

    select
        population.group_id,
        case when count(*) = count(day_money.net_revenue_rc) then sum(day_money.net_revenue_rc) end as net_revenue_rc
    from population
    inner join {{ ref('int_group_day__money') }} as day_money
        on population.group_id = day_money.group_id
        and day_money.posting_date between population.as_of_date - 364 and population.as_of_date
    group by population.group_id

),

activity as (

    select population.group_id, max(happened.happened_date) as last_date
    from population
    inner join {{ ref('int_activity__happened') }} as happened
        on population.group_id = happened.group_id
        and happened.happened_date <= population.as_of_date
    group by population.group_id

),

contact as (

    select record.group_id, count(*) as n_contacts
    from {{ ref('contact') }} as contact
    inner join record on contact.account_id = record.account_key and record.account_kind = 'crm_account'
    where coalesce(contact.is_active, true)
    group by record.group_id

),

customer_money as (

    select customer_id, net_revenue_t12m_rc as net_revenue_rc
    from {{ ref('int_customer__earned') }}

),

orphan as (

    select
        record.group_id,
        count(*) as n_orphans,
        case
            when count(customer_money.customer_id) = count(customer_money.net_revenue_rc)
                then coalesce(sum(customer_money.net_revenue_rc), 0)
        end as net_revenue_rc
    from record
    left join record as parent
        on record.account_kind = parent.account_kind
        and record.parent_account_key = parent.account_key
    left join customer_money
        on record.account_kind = 'erp_customer'
        and record.account_key = customer_money.customer_id
    where record.parent_account_key is not null and parent.account_key is null
    group by record.group_id

),

cycle as (

    select record.group_id, count(*) as n_cycles
    from {{ ref('int_account_parent__cut') }} as cut
    inner join record on cut.record_key = record.record_key
    where cut.is_cut
    group by record.group_id

),

touched as (

    select record_key, max(match_score) as match_score
    from (
        select left_kind || ' ' || left_id as record_key, match_score, decision
        from {{ ref('int_account_pair__suggested') }}
        union all
        select right_kind || ' ' || right_id as record_key, match_score, decision
        from {{ ref('int_account_pair__suggested') }}
    )
    where decision = 'pending'
    group by record_key

),

suspect as (

    select
        record.group_id,
        max(touched.match_score) as duplicate_score,
        case
            when count(customer_money.customer_id) = count(customer_money.net_revenue_rc)
                then coalesce(sum(customer_money.net_revenue_rc), 0)
        end as net_revenue_rc
    from record
    inner join touched on record.record_key = touched.record_key
    left join customer_money
        on record.account_kind = 'erp_customer'
        and record.account_key = customer_money.customer_id
    group by record.group_id

),

assessed as (

    select record.group_id, max(assessment.assessed_date) as last_date
    from {{ ref('assessment') }} as assessment
    inner join record on assessment.account_id = record.account_key and record.account_kind = 'crm_account'
    cross join {{ source('control', 'run') }} as run
    where assessment.assessed_date <= run.as_of_date
    group by record.group_id

),

odd_wallet as (

    select
        population.group_id,
        max(cast(wallet.covered_rc as double) / nullif(cast(wallet.wallet_rc as double), 0)) as wallet_ratio,
        bool_or(wallet.is_rank_impossible) as is_rank_impossible
    from population
    inner join {{ ref('int_wallet_category_night__summed') }} as wallet
        on population.as_of_date = wallet.as_of_date
        and population.group_id = wallet.group_id
    group by population.group_id

)

select
    population.as_of_date,
    population.group_id,
    population.is_pseudo_member,
    coalesce(population.last_invoice_date > population.as_of_date - 365, false) as is_invoiced,
    case when money.group_id is null then cast(0 as decimal(18, 2)) else cast(money.net_revenue_rc as decimal(18, 2)) end
        as net_revenue_rc,
    population.as_of_date - activity.last_date as days_without_activity,
    coalesce(contact.n_contacts, 0) as n_contacts,
    coalesce(orphan.n_orphans, 0) as n_orphans,
    cast(case when orphan.group_id is null then 0 else orphan.net_revenue_rc end as decimal(18, 2)) as orphan_revenue_rc,
    coalesce(suspect.duplicate_score, 0) as duplicate_score,
    cast(case when suspect.group_id is null then 0 else suspect.net_revenue_rc end as decimal(18, 2)) as suspect_revenue_rc,
    coalesce(cycle.n_cycles, 0) as n_cycles,
    population.as_of_date - assessed.last_date as days_since_assessment,
    wallet.wallet_rc is not null as has_wallet,
    odd_wallet.wallet_ratio,
    coalesce(odd_wallet.is_rank_impossible, false) as is_rank_impossible
from population
left join money on population.group_id = money.group_id
left join activity on population.group_id = activity.group_id
left join contact on population.group_id = contact.group_id
left join orphan on population.group_id = orphan.group_id
left join suspect on population.group_id = suspect.group_id
left join cycle on population.group_id = cycle.group_id
left join assessed on population.group_id = assessed.group_id
left join {{ ref('int_wallet_night__valid') }} as wallet
    on population.as_of_date = wallet.as_of_date
    and population.group_id = wallet.group_id
left join odd_wallet on population.group_id = odd_wallet.group_id
