with sold as (

    select
        night.as_of_date,
        billed.group_id,
        billed.product_id,
        {{ complete_sum('billed.net_rc') }} as net_rc,
        sum(billed.quantity) as quantity
    from {{ ref('int_portfolio_night__windowed') }} as night
    inner join {{ ref('int_group_product_month__billed') }} as billed
        on
            billed.month between night.first_month and night.last_month
            and coalesce(billed.cancelled_date > night.as_of_date, true)
    group by night.as_of_date, billed.group_id, billed.product_id

),

product as (

    select
        as_of_date,
        product_id,
        {{ complete_sum('net_rc') }} as net_rc,
        sum(quantity) as quantity
    from sold
    where product_id is not null
    group by as_of_date, product_id
    having count(*) >= {{ threshold('portfolio.min_buyers') }}

),

compared as (

    select
        sold.as_of_date,
        sold.group_id,
        {{ complete_sum('sold.net_rc') }} as net_rc,
        cast(
            coalesce(sum(sold.net_rc) filter (where product.product_id is not null), 0) as decimal(18, 2)
        ) as compared_rc,
        sum(
            cast(sold.quantity as double) * cast(product.net_rc as double) / cast(product.quantity as double)
            order by sold.product_id
        ) as expected,
        bool_and(sold.net_rc is not null and (product.product_id is null or product.net_rc is not null))
            as is_known
    from sold
    left join product
        on sold.as_of_date = product.as_of_date and sold.product_id = product.product_id
    group by sold.as_of_date, sold.group_id

)

select
    as_of_date,
    group_id,
    case
        when
            is_known
            and net_rc > 0
            and compared_rc >= net_rc * cast({{ threshold('portfolio.min_covered_share') }} as decimal(5, 4))
            then cast(compared_rc as double) / nullif(expected, 0)
    end as net_price_index,
    cast(compared_rc as double) / nullif(cast(net_rc as double), 0) as price_index_covered_share,
    case when not is_known then 'NO_SOURCE' end as price_reason
from compared
