with summed as (

    select
        part.document_id,
        part.line_id,
        coalesce(sum(part.quantity * cost.unit_cost_base), 0) as cost_base,
        coalesce(
            sum(part.quantity * cost.unit_cost_base) filter (where cost.cost_step in (2, 3)), 0
        ) as estimated_base,
        max(coalesce(cost.cost_step, 4)) as cost_step,
        coalesce(sum(part.quantity) filter (where coalesce(cost.cost_step, 4) = 4), 0)
            as uncosted_quantity,
        coalesce(sum(part.quantity), 0) as quantity,
        bool_or(coalesce(cost.cost_step, 4) = 4 or part.quantity is null) as has_uncosted
    from {{ ref('int_invoice_line__cost_dated') }} as part
    left join {{ ref('int_product_day__costed') }} as cost
        on part.company_code = cost.company_code
        and part.product_id = cost.product_id
        and part.ship_date = cost.cost_date
    group by part.document_id, part.line_id

)

select
    summed.document_id,
    summed.line_id,
    case when summed.quantity = 0 and summed.has_uncosted then 4 else summed.cost_step end as cost_step,
    {{ exactly_at_rate('summed.cost_base', 'line.base_rate') }} as cost_of_goods_rc,
    {{ exactly_at_rate('summed.estimated_base', 'line.base_rate') }} as estimated_cost_rc,
    case
        when not summed.has_uncosted then 0
        when summed.quantity = 0 or summed.quantity = summed.uncosted_quantity then line.net_amount_rc
        else round(cast(
            cast(line.net_amount_rc as double) * summed.uncosted_quantity / summed.quantity
            as decimal(18, 6)
        ), 2)
    end as uncosted_revenue_rc
from summed
inner join {{ ref('int_invoice_line__attributed') }} as line
    on summed.document_id = line.document_id and summed.line_id = line.line_id
