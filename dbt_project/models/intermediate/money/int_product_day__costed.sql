{%- set max_age = threshold('cost_to_serve.cost_max_age_days') -%}
with part as (

    select * from {{ ref('int_invoice_line__cost_dated') }}
    where product_id is not null

),

standard_cost as (

    select * from {{ ref('standard_cost') }}

),

product as (

    select product_id, nullif(trim(family), '') as family from {{ ref('product') }}

),

asked as (

    select company_code, product_id, ship_date as cost_date from part
    union
    select company_code, product_id, unshipped_date as cost_date from part

),

own as (

    select
        asked.*,
        product.family,
        standard_cost.unit_cost_base as own_cost_base,
        asked.cost_date - standard_cost.valid_from as cost_age_days
    from asked
    asof left join standard_cost
        on asked.company_code = standard_cost.company_code
        and asked.product_id = standard_cost.product_id
        and asked.cost_date >= standard_cost.valid_from
    left join product on asked.product_id = product.product_id

),

relative as (

    select family_day.*, product.product_id
    from (
        select distinct company_code, family, cost_date from own
        where own_cost_base is null and family is not null
    ) as family_day
    inner join product on family_day.family = product.family

),

family_cost as (

    select
        relative.company_code,
        relative.family,
        relative.cost_date,
        cast(sum(standard_cost.unit_cost_base) / count(*) as decimal(28, 12)) as family_cost_base
    from relative
    asof inner join standard_cost
        on relative.company_code = standard_cost.company_code
        and relative.product_id = standard_cost.product_id
        and relative.cost_date >= standard_cost.valid_from
    where relative.cost_date - standard_cost.valid_from <= {{ max_age }}
    group by relative.company_code, relative.family, relative.cost_date

)

select
    own.company_code,
    own.product_id,
    own.cost_date,
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
    and own.cost_date = family_cost.cost_date
