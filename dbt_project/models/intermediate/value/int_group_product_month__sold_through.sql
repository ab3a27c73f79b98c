with sold_out as (

    select
        account.group_id,
        sell_out.product_id,
        cast(sell_out.period || '-01' as date) as month,
        sum(sell_out.quantity) as quantity_out
    from {{ ref('sell_out') }} as sell_out
    inner join {{ ref('int_account__grouped') }} as account
        on sell_out.account_id = account.account_key and account.account_kind = 'crm_account'
    inner join {{ source('control', 'run') }} as run
        on last_day(cast(sell_out.period || '-01' as date)) <= run.as_of_date
    inner join {{ ref('product') }} as product
        on sell_out.product_id = product.product_id and nullif(trim(product.unit), '') is not null
    where sell_out.quantity is not null
    group by account.group_id, sell_out.product_id, month

),

told as (

    select distinct group_id, product_id from sold_out

),

cancelled_return as (

    select distinct cancels_document_id as document_id
    from {{ ref('int_invoice_line__attributed') }}
    where document_type = 'CANCELLATION' and cancels_document_id is not null

),

sold_in as (

    select
        line.group_id,
        line.product_id,
        line.month,
        sum(line.quantity) as quantity_in,
        count(*) > count(line.quantity) as is_unknown
    from {{ ref('int_invoice_line__attributed') }} as line
    inner join told on line.group_id = told.group_id and line.product_id = told.product_id
    left join cancelled_return on line.document_id = cancelled_return.document_id
    where
        (line.document_type = 'INVOICE' and line.cancelled_date is null)
        or (line.document_type = 'RETURN' and cancelled_return.document_id is null)
    group by line.group_id, line.product_id, line.month

)

select
    coalesce(sold_out.group_id, sold_in.group_id) as group_id,
    coalesce(sold_out.product_id, sold_in.product_id) as product_id,
    coalesce(sold_out.month, sold_in.month) as month,
    sold_out.quantity_out,
    coalesce(sold_in.quantity_in, 0) as quantity_in,
    coalesce(sold_in.is_unknown, false) as is_sell_in_unknown
from sold_out
full outer join sold_in
    on
        sold_out.group_id = sold_in.group_id
        and sold_out.product_id = sold_in.product_id
        and sold_out.month = sold_in.month
