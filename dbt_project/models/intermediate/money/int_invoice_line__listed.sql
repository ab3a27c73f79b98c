with line as (

    select * from {{ ref('int_invoice_line__attributed') }}
    where pnl_column = 'invoiced'

),

order_line as (

    select order_id, order_line_id, ordered_date from {{ ref('order_line') }}

),

ordered as (

    select order_id, min(ordered_date) as ordered_date from order_line
    group by order_id

),

priced_on as (

    select
        line.*,
        coalesce(order_line.ordered_date, ordered.ordered_date, line.posting_date) as price_date
    from line
    left join order_line
        on line.order_id = order_line.order_id and line.order_line_id = order_line.order_line_id
    left join ordered on line.order_id = ordered.order_id

),

-- Of the prices that hold on a day the latest: when an offer ends, the price before it holds again.
price as (

    select
        asked.product_id,
        asked.currency,
        asked.price_date,
        arg_max(list_price.unit_price, list_price.valid_from) as unit_price
    from (select distinct product_id, currency, price_date from priced_on) as asked
    inner join {{ ref('list_price') }} as list_price
        on asked.product_id = list_price.product_id
        and asked.currency = list_price.currency
        and asked.price_date >= list_price.valid_from
        and (list_price.valid_to is null or list_price.valid_to >= asked.price_date)
    group by asked.product_id, asked.currency, asked.price_date

),

valued as (

    select
        priced_on.*,
        case
            when priced_on.net_amount = 0 then priced_on.net_amount
            else coalesce(
                priced_on.list_unit_price * priced_on.quantity,
                price.unit_price * priced_on.quantity,
                priced_on.net_amount + priced_on.discount_amount,
                priced_on.net_amount
            )
        end as list_amount
    from priced_on
    left join price
        on priced_on.product_id = price.product_id
        and priced_on.currency = price.currency
        and priced_on.price_date = price.price_date

)

-- The document's own exchange: list value in document currency x posted base / document amount.
select
    document_id,
    line_id,
    case
        when net_amount = 0 or list_amount = net_amount then net_amount_rc
        when net_amount = net_amount_base and base_rate = 1
            then cast(round(list_amount, 2) as decimal(18, 2))
        else {{ at_rate('list_amount', 'cast(net_amount_base as double) / net_amount * base_rate') }}
    end as gross_list_rc
from valued
