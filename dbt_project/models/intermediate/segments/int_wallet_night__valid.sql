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

sold as (

    select * from {{ ref('int_group_category_day__sold') }}

),

-- What we sold of it in the year to the day, from the two ends of the year.
covered as (

    select
        category_wallet.*,
        case
            when
                coalesce(sold.n_unconverted_to_date, 0) = coalesce(before.n_unconverted_to_date, 0)
                then coalesce(sold.sold_to_date_rc, 0) - coalesce(before.sold_to_date_rc, 0)
        end as covered_rc
    from category_wallet
    asof left join sold
        on
            category_wallet.group_id = sold.group_id
            and category_wallet.category = sold.category
            and category_wallet.as_of_date >= sold.posting_date
    asof left join sold as before
        on
            category_wallet.group_id = before.group_id
            and category_wallet.category = before.category
            and category_wallet.as_of_date - 365 >= before.posting_date

),

ranked_wallet as (

    select
        *,
        row_number() over (
            partition by as_of_date, group_id
            order by wallet_rc desc nulls last, category nulls last
        ) as wallet_rank
    from covered

),

summed as (

    select
        as_of_date,
        group_id,
        case when count(*) = count(wallet_rc) then sum(wallet_rc) end as wallet_rc,
        case when count(*) = count(wallet_rc) then sum(potential_value_rc) end as potential_value_rc,
        max(wallet_source) filter (where wallet_rank = 1) as wallet_source,
        max(estimated_date) filter (where wallet_rank = 1) as estimated_date,
        case when count(*) = count(covered_rc) then sum(covered_rc) end as covered_rc,
        string_agg(estimates, ';' order by category) as estimates
    from ranked_wallet
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
    case
        when wallet_rc > 0 and covered_rc is not null
            then least(1, greatest(0, cast(covered_rc as double) / cast(wallet_rc as double)))
    end as share_of_wallet,
    estimates
from summed
