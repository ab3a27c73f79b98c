with ranked as (

    select
        *,
        row_number() over (
            partition by as_of_date, group_id, category
            order by amount_rc desc nulls last, account_id nulls last
        ) as estimate_rank
    from {{ ref('int_wallet_estimate_night__valid') }}

),

summed as (

    select
        as_of_date,
        group_id,
        category,
        {{ complete_sum('amount_rc') }} as wallet_rc,
        {{ complete_sum('potential_value_rc') }} as potential_value_rc,
        case when count(distinct currency) = 1 then sum(amount) end as wallet_amount,
        case when count(distinct currency) = 1 then max(currency) end as wallet_currency,
        max(wallet_source) filter (where estimate_rank = 1) as wallet_source,
        max(estimated_date) filter (where estimate_rank = 1) as estimated_date,
        case
            when count(*) = 1 then max(confidence)
            when count(*) = count(amount_rc)
                then sum(cast(amount_rc as double) * confidence order by account_id)
                    / nullif(cast(sum(amount_rc) as double), 0)
        end as confidence,
        case when count(*) = 1 then max(supplier_rank) end as supplier_rank,
        case when count(*) = 1 then max(supplier_count) end as supplier_count,
        coalesce(bool_or(supplier_rank > supplier_count), false) as is_rank_impossible,
        string_agg(concat_ws('/', account_id, category, estimated_date), ';' order by account_id) as estimates
    from ranked
    group by as_of_date, group_id, category

),

sold as (

    select * from {{ ref('int_group_category_day__sold') }}

)

-- What we sold of it in the year to the day, from the two ends of the year.
select
    summed.* exclude (supplier_rank, supplier_count),
    case when not summed.is_rank_impossible then summed.supplier_rank end as supplier_rank,
    case when not summed.is_rank_impossible then summed.supplier_count end as supplier_count,
    cast({{ sold_between('sold', 'before') }} as decimal(18, 2)) as covered_rc
from summed
asof left join sold
    on
        summed.group_id = sold.group_id
        and summed.category = sold.category
        and summed.as_of_date >= sold.posting_date
asof left join sold as before
    on
        summed.group_id = before.group_id
        and summed.category = before.category
        and summed.as_of_date - 365 >= before.posting_date
