with category_wallet as (

    select
        *,
        bool_or(category = 'ALL') over (partition by as_of_date, group_id) as has_all
    from {{ ref('int_wallet_category_night__summed') }}

),

-- Where the whole is estimated, the estimates of categories do not enter.
ranked as (

    select
        *,
        row_number() over (
            partition by as_of_date, group_id
            order by wallet_rc desc nulls last, category nulls last
        ) as wallet_rank
    from category_wallet
    where category = 'ALL' or not has_all

),

summed as (

    select
        as_of_date,
        group_id,
        {{ complete_sum('wallet_rc') }} as wallet_rc,
        {{ complete_sum('potential_value_rc') }} as potential_value_rc,
        case
            when count(*) = count(wallet_currency) and count(distinct wallet_currency) = 1
                then sum(wallet_amount)
        end as wallet_amount,
        case
            when count(*) = count(wallet_currency) and count(distinct wallet_currency) = 1
                then max(wallet_currency)
        end as wallet_currency,
        max(wallet_source) filter (where wallet_rank = 1) as wallet_source,
        max(estimated_date) filter (where wallet_rank = 1) as estimated_date,
        case
            when count(*) = 1 then max(confidence)
            when count(*) = count(wallet_rc)
                then sum(cast(wallet_rc as double) * confidence order by category)
                    / nullif(cast(sum(wallet_rc) as double), 0)
        end as confidence,
        {{ complete_sum('covered_rc') }} as covered_rc,
        {{ complete_sum(headroom('wallet_rc', 'covered_rc')) }} as headroom_rc,
        max(supplier_rank) filter (where has_all) as supplier_rank,
        max(supplier_count) filter (where has_all) as supplier_count,
        string_agg(estimates, ';' order by category) as estimates
    from ranked
    group by as_of_date, group_id

)

select
    *,
    case
        when wallet_rc > 0 and covered_rc is not null
            then least(1, greatest(0, cast(covered_rc as double) / cast(wallet_rc as double)))
    end as share_of_wallet
from summed
