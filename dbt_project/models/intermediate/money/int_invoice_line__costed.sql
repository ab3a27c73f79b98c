{%- set max_age = threshold('cost_to_serve.cost_max_age_days') -%}
with part as (

    select * from {{ ref('int_invoice_line__cost_dated') }}

),

standard_cost as (

    select * from {{ ref('standard_cost') }}

),

product as (

    select product_id, nullif(trim(family), '') as family from {{ ref('product') }}

),

own as (

    select
        part.*,
        product.family,
        standard_cost.unit_cost_base as own_cost_base,
        part.ship_date - standard_cost.valid_from as cost_age_days
    from part
    asof left join standard_cost
        on part.company_code = standard_cost.company_code
        and part.product_id = standard_cost.product_id
        and part.ship_date >= standard_cost.valid_from
    left join product on part.product_id = product.product_id

),

family_day as (

    select distinct company_code, family, ship_date from own
    where own_cost_base is null and family is not null

),

relative as (

    select family_day.*, product.product_id
    from family_day
    inner join product on family_day.family = product.family

),

family_cost as (

    select
        relative.company_code,
        relative.family,
        relative.ship_date,
        cast(sum(standard_cost.unit_cost_base) / count(*) as decimal(18, 6)) as family_cost_base
    from relative
    asof inner join standard_cost
        on relative.company_code = standard_cost.company_code
        and relative.product_id = standard_cost.product_id
        and relative.ship_date >= standard_cost.valid_from
    where relative.ship_date - standard_cost.valid_from <= {{ max_age }}
    group by relative.company_code, relative.family, relative.ship_date

),

stepped as (

    select
        own.*,
        coalesce(own.own_cost_base, family_cost.family_cost_base) as unit_cost_base,
        case
            when own.cost_age_days <= {{ max_age }} then 1
            when own.own_cost_base is not null then 2
            when family_cost.family_cost_base is not null then 3
            else 4
        end as cost_step
    from own
    left join family_cost
        on own.company_code = family_cost.company_code
        and own.family = family_cost.family
        and own.ship_date = family_cost.ship_date

),

summed as (

    select
        document_id,
        line_id,
        coalesce(sum(quantity * unit_cost_base), 0) as cost_base,
        coalesce(sum(quantity * unit_cost_base) filter (where cost_step in (2, 3)), 0) as estimated_base,
        max(cost_step) as cost_step,
        coalesce(sum(quantity) filter (where cost_step = 4), 0) as uncosted_quantity,
        coalesce(sum(quantity), 0) as quantity,
        bool_or(cost_step = 4 or quantity is null) as has_uncosted
    from stepped
    group by document_id, line_id

)

select
    summed.document_id,
    summed.line_id,
    case when summed.quantity = 0 and summed.has_uncosted then 4 else summed.cost_step end as cost_step,
    case
        when line.base_rate = 1 then cast(round(summed.cost_base, 2) as decimal(18, 2))
        else {{ at_rate('summed.cost_base', 'line.base_rate') }}
    end as cost_of_goods_rc,
    case
        when line.base_rate = 1 then cast(round(summed.estimated_base, 2) as decimal(18, 2))
        else {{ at_rate('summed.estimated_base', 'line.base_rate') }}
    end as estimated_cost_rc,
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
