with client as (

    select group_id from {{ ref('int_group__current') }}
    where not is_pseudo_member

)

select
    line.group_id,
    line.product_id,
    line.month,
    line.cancelled_date,
    {{ complete_sum('line.net_amount_rc') }} as net_rc,
    sum(line.quantity) as quantity
from {{ ref('int_invoice_line__attributed') }} as line
inner join client on line.group_id = client.group_id
where
    line.document_type = 'INVOICE'
    and line.is_revenue_product
    and line.quantity > 0
group by line.group_id, line.product_id, line.month, line.cancelled_date
