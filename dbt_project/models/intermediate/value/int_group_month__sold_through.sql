with windowed as (

    select
        listed.month,
        sold.group_id,
        sold.product_id,
        sum(sold.quantity_out) as quantity_out,
        sum(sold.quantity_in) as quantity_in,
        count(sold.quantity_out) = 3 and not bool_or(sold.is_sell_in_unknown) as is_compared
    from {{ ref('int_value_month__listed') }} as listed
    inner join {{ ref('int_group_product_month__sold_through') }} as sold
        on sold.month between cast(listed.month - interval 2 month as date) and listed.month
    where listed.is_finished
    group by listed.month, sold.group_id, sold.product_id
    having count(sold.quantity_out) > 0

),

summed as (

    select
        month,
        group_id,
        sum(quantity_out) filter (where is_compared) as quantity_out,
        sum(quantity_in) filter (where is_compared) as quantity_in
    from windowed
    group by month, group_id

)

select
    month,
    group_id,
    case
        when quantity_in > 0 then cast(quantity_out as double) / cast(quantity_in as double)
    end as sell_through_ratio
from summed
