with night as (

    select as_of_date from {{ source('control', 'night') }}
    where is_month_end or is_tonight

),

line as (

    select * from {{ ref('int_invoice_line__attributed') }}

),

cost as (

    select * from {{ ref('int_product_day__costed') }}

),

-- Lines that a night knows, of which it does not know the shipment yet.
waiting as (

    select distinct
        night.as_of_date,
        line.document_id,
        line.line_id,
        line.group_id,
        line.month,
        line.base_rate
    from {{ ref('int_invoice_line__cost_dated') }} as part
    inner join line on part.document_id = line.document_id and part.line_id = line.line_id
    inner join night on line.posting_date <= night.as_of_date and part.ship_date > night.as_of_date

),

summed as (

    select
        waiting.as_of_date,
        waiting.document_id,
        waiting.line_id,
        waiting.group_id,
        waiting.month,
        waiting.base_rate,
        coalesce(sum(part.quantity * cost.unit_cost_base), 0) as cost_base
    from waiting
    inner join {{ ref('int_invoice_line__cost_dated') }} as part
        on waiting.document_id = part.document_id and waiting.line_id = part.line_id
    left join cost
        on part.company_code = cost.company_code
        and part.product_id = cost.product_id
        and case when part.ship_date > waiting.as_of_date then part.unshipped_date else part.ship_date end
            = cost.cost_date
    group by all

)

select
    summed.as_of_date,
    summed.group_id,
    summed.month,
    cast(sum({{ exactly_at_rate('summed.cost_base', 'summed.base_rate') }} - costed.cost_of_goods_rc)
        as decimal(18, 2)) as added_cost_rc
from summed
inner join {{ ref('int_invoice_line__costed') }} as costed
    on summed.document_id = costed.document_id and summed.line_id = costed.line_id
group by summed.as_of_date, summed.group_id, summed.month
