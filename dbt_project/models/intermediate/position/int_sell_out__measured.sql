with reported as (

    select
        account.group_id,
        sell_out.account_id,
        cast(sell_out.period || '-01' as date) as month,
        sell_out.product_id,
        coalesce(sell_out.category, product.category) as category,
        sell_out.value_base,
        sell_out.client_margin_base,
        sell_out.category_value_base
    from {{ ref('sell_out') }} as sell_out
    inner join {{ ref('int_account__grouped') }} as account
        on sell_out.account_id = account.account_key and account.account_kind = 'crm_account'
    inner join {{ source('control', 'run') }} as run
        on last_day(cast(sell_out.period || '-01' as date)) <= run.as_of_date
    left join {{ ref('product') }} as product on sell_out.product_id = product.product_id

),

told_by_product as (

    select distinct account_id, month, category
    from reported
    where product_id is not null

),

-- The row of a category stands for our sell-out where no product of it was reported.
ours as (

    select reported.*
    from reported
    left join told_by_product
        on
            reported.product_id is null
            and reported.account_id = told_by_product.account_id
            and reported.month = told_by_product.month
            and reported.category = told_by_product.category
    where told_by_product.account_id is null

),

measured as (

    select *, 'client_sell_out' as measure, value_base as amount_base from ours
    union all
    select *, 'client_margin' as measure, client_margin_base as amount_base from ours
    union all
    select *, 'client_category' as measure, category_value_base as amount_base from reported
    where product_id is null

)

select
    group_id,
    account_id,
    month,
    measure,
    coalesce('product:' || product_id, 'category:' || category) as item,
    amount_base
from measured
where amount_base is not null
