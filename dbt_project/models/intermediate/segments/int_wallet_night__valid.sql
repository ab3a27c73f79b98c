with estimate as (

    select
        *,
        bool_or(category = 'ALL') over (partition by as_of_date, group_id) as has_all
    from {{ ref('int_wallet_estimate_night__valid') }}

),

-- Where the whole is estimated, the estimates of categories do not enter.
entered as (

    select * from estimate
    where category = 'ALL' or not has_all

),

ranked as (

    select
        *,
        row_number() over (
            partition by as_of_date, group_id, category
            order by amount_rc desc nulls last, account_id nulls last
        ) as estimate_rank
    from entered

),

category_wallet as (

    select
        as_of_date,
        group_id,
        category,
        case when count(*) = count(amount_rc) then sum(amount_rc) end as wallet_rc,
        case when count(*) = count(amount_rc) then sum(potential_value_rc) end as potential_value_rc,
        max(wallet_source) filter (where estimate_rank = 1) as wallet_source,
        max(estimated_date) filter (where estimate_rank = 1) as estimated_date,
        string_agg(concat_ws('/', account_id, category, estimated_date), ';' order by account_id) as estimates
    from ranked
    group by as_of_date, group_id, category

),

covered as (

    select
        category_wallet.as_of_date,
        category_wallet.group_id,
        category_wallet.category,
        sum(sold.sold_rc) as covered_rc
    from category_wallet
    inner join {{ ref('int_group_category_day__sold') }} as sold
        on
            category_wallet.group_id = sold.group_id
            and (category_wallet.category = 'ALL' or category_wallet.category = sold.category)
            and sold.posting_date <= category_wallet.as_of_date
            and sold.posting_date > category_wallet.as_of_date - 365
    group by category_wallet.as_of_date, category_wallet.group_id, category_wallet.category

),

compared as (

    select
        category_wallet.*,
        coalesce(covered.covered_rc, 0) as covered_rc,
        row_number() over (
            partition by category_wallet.as_of_date, category_wallet.group_id
            order by category_wallet.wallet_rc desc nulls last, category_wallet.category nulls last
        ) as wallet_rank
    from category_wallet
    left join covered
        on
            category_wallet.as_of_date = covered.as_of_date
            and category_wallet.group_id = covered.group_id
            and category_wallet.category = covered.category

),

summed as (

    select
        as_of_date,
        group_id,
        case when count(*) = count(wallet_rc) then sum(wallet_rc) end as wallet_rc,
        case when count(*) = count(wallet_rc) then sum(potential_value_rc) end as potential_value_rc,
        max(wallet_source) filter (where wallet_rank = 1) as wallet_source,
        max(estimated_date) filter (where wallet_rank = 1) as estimated_date,
        sum(covered_rc) as covered_rc,
        string_agg(estimates, ';' order by category) as estimates
    from compared
    group by as_of_date, group_id

)

select
    as_of_date,
    group_id,
    cast(wallet_rc as decimal(18, 2)) as wallet_rc,
    cast(potential_value_rc as decimal(18, 2)) as potential_value_rc,
    wallet_source,
    estimated_date,
    cast(covered_rc as decimal(18, 2)) as covered_rc,
    least(
        1, greatest(0, cast(covered_rc as double) / nullif(cast(wallet_rc as double), 0))
    ) as share_of_wallet,
    estimates
from summed
