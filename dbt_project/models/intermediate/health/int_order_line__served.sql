{%- set early = threshold('otif.early_tol_days') -%}
{%- set late = threshold('otif.late_tol_days') -%}
{%- set in_full -%} cast({{ threshold('otif.in_full_tol') }} as decimal(5, 4)) {%- endset -%}
with order_line as (

    select * from {{ ref('int_order_line__grouped') }}
    where promised_date is not null and ordered_quantity > 0

),

arrival as (

    select
        order_line.order_id,
        order_line.order_line_id,
        delivery_line.quantity,
        delivery_line.delivered_date,
        delivery_line.delivered_date
            between order_line.promised_date - {{ early }} and order_line.promised_date + {{ late }}
            as is_as_promised,
        delivery_line.delivered_date
            between order_line.first_requested_date - {{ early }}
            and order_line.first_requested_date + {{ late }} as is_as_requested
    from {{ ref('delivery_line') }} as delivery_line
    inner join order_line
        on
            delivery_line.order_id = order_line.order_id
            and delivery_line.order_line_id = order_line.order_line_id
    where delivery_line.delivered_date is not null

),

delivered as (

    select
        order_id,
        order_line_id,
        sum(quantity) filter (where is_as_promised) as promised_quantity,
        sum(quantity) filter (where is_as_requested) as requested_quantity,
        max(delivered_date) filter (where is_as_promised) as delivered_date
    from arrival
    group by order_id, order_line_id

)

select
    order_line.order_id,
    order_line.order_line_id,
    order_line.source_system,
    order_line.group_id,
    order_line.promised_date,
    order_line.promised_date + {{ late }} as judged_date,
    coalesce(
        delivered.promised_quantity >= {{ in_full }} * order_line.ordered_quantity, false
    ) as is_otif,
    order_line.first_requested_date + {{ late }} as judged_requested_date,
    coalesce(
        delivered.requested_quantity >= {{ in_full }} * order_line.ordered_quantity, false
    ) as is_otif_requested,
    order_line.ordered_quantity,
    greatest(order_line.promised_date, delivered.delivered_date) as newest_date
from order_line
left join delivered
    on
        order_line.order_id = delivered.order_id
        and order_line.order_line_id = delivered.order_line_id
