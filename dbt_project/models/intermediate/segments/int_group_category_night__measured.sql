with listed as (

    select * from {{ ref('int_group_night__listed') }}

),

sold as (

    select * from {{ ref('int_group_category_night__sold') }}

),

total as (

    select * from {{ ref('int_wallet_night__valid') }}

),

wallet as (

    select *, 'ALL' as category from total
    union all by name
    select * from {{ ref('int_wallet_category_night__summed') }}
    where category <> 'ALL'

),

-- ALL for every client; a category where there is a wallet or where we sold; what has no category is only in ALL.
row_key as (

    select as_of_date, group_id, 'ALL' as category from listed
    union
    select listed.as_of_date, listed.group_id, wallet.category
    from listed
    inner join wallet on listed.as_of_date = wallet.as_of_date and listed.group_id = wallet.group_id
    union
    select as_of_date, group_id, category from sold
    where category <> 'UNKNOWN'

),

estimate as (

    select account.group_id, estimate.category, estimate.estimated_date
    from {{ ref('wallet_estimate') }} as estimate
    inner join {{ ref('int_account__grouped') }} as account
        on estimate.account_id = account.account_key and account.account_kind = 'crm_account'

),

first_estimate as (

    select group_id, 'ALL' as category, min(estimated_date) as first_date
    from estimate
    group by group_id
    union all
    select group_id, category, min(estimated_date) as first_date
    from estimate
    where category <> 'ALL'
    group by group_id, category

)

select
    row_key.as_of_date,
    row_key.group_id,
    row_key.category,
    wallet.group_id is not null as has_estimate,
    wallet.wallet_rc,
    wallet.wallet_amount,
    wallet.wallet_currency,
    wallet.wallet_source,
    row_key.as_of_date - wallet.estimated_date as wallet_age_days,
    case when wallet.wallet_rc is not null then wallet.confidence end as wallet_confidence,
    wallet.potential_value_rc,
    case when sold.group_id is null then 0 else sold.our_t12m_rc end as our_t12m_rc,
    case when wallet.group_id is null then 0 else wallet.covered_rc end as our_covered_rc,
    case
        when row_key.category = 'ALL' then wallet.headroom_rc
        else {{ headroom('wallet.wallet_rc', 'wallet.covered_rc') }}
    end as headroom_rc,
    wallet.supplier_rank,
    wallet.supplier_count,
    {{ potential_tier('total.potential_value_rc', 'cut.first_cut_rc', 'cut.second_cut_rc') }} as potential_tier,
    case
        when wallet.group_id is not null then 'NO_SOURCE'
        when first_estimate.first_date <= row_key.as_of_date then 'STALE'
        else 'NO_SOURCE'
    end as wallet_reason
from row_key
left join wallet
    on
        row_key.as_of_date = wallet.as_of_date
        and row_key.group_id = wallet.group_id
        and row_key.category = wallet.category
left join total on row_key.as_of_date = total.as_of_date and row_key.group_id = total.group_id
left join sold
    on
        row_key.as_of_date = sold.as_of_date
        and row_key.group_id = sold.group_id
        and row_key.category = sold.category
left join first_estimate
    on row_key.group_id = first_estimate.group_id and row_key.category = first_estimate.category
asof left join {{ ref('int_segment_cut__compared') }} as cut on row_key.as_of_date >= cut.cut_date
