with scope as (

    select distinct category_key from {{ ref('int_event__anchored') }}

),

line as (

    select
        attributed.document_id,
        attributed.group_id,
        attributed.month,
        attributed.net_amount_base,
        unnest(['ALL'] || case when attributed.is_revenue_product then [upper(attributed.category)] else [] end)
            as category_key
    from {{ ref('int_invoice_line__attributed') }} as attributed
    inner join {{ ref('int_group__current') }} as client
        on attributed.group_id = client.group_id and not client.is_pseudo_member
    where attributed.document_type = 'INVOICE' and attributed.cancelled_date is null

),

document as (

    select
        line.document_id,
        line.group_id,
        line.month,
        line.category_key
    from line
    inner join scope on line.category_key = scope.category_key
    group by line.document_id, line.group_id, line.month, line.category_key
    having sum(line.net_amount_base) > 0

)

select
    group_id,
    category_key,
    min(month) as month
from document
group by group_id, category_key
