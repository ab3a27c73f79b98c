with valued as (

    select
        client.as_of_date,
        client.group_id,
        client.lifecycle,
        priced.net_price_index,
        priced.price_index_covered_share,
        costed.cost_to_serve_ratio,
        priced.price_reason,
        case
            when supplied.has_any then costed.cost_reason
            else 'NO_SOURCE'
        end as cost_reason
    from {{ ref('int_client_night__opened') }} as client
    cross join (
        select
            has_customer_cost or has_handling or has_selling_service or has_financing as has_any
        from {{ ref('int_cost__supplied') }}
    ) as supplied
    left join {{ ref('int_client_night__priced') }} as priced
        on client.as_of_date = priced.as_of_date and client.group_id = priced.group_id
    left join {{ ref('int_client_night__costed') }} as costed
        on client.as_of_date = costed.as_of_date and client.group_id = costed.group_id

),

middle as (

    select
        as_of_date,
        median(net_price_index) as median_price,
        median(cost_to_serve_ratio) as median_cost
    from valued
    where lifecycle = 'active' and net_price_index is not null and cost_to_serve_ratio is not null
    group by as_of_date
    having count(*) >= {{ threshold('portfolio.min_groups') }}

)

select
    valued.*,
    coalesce(valued.lifecycle = 'new', false) as is_new,
    case
        when coalesce(valued.lifecycle = 'new', false) then null
        when valued.net_price_index >= middle.median_price and valued.cost_to_serve_ratio >= middle.median_cost
            then 'carriage_trade'
        when valued.net_price_index >= middle.median_price and valued.cost_to_serve_ratio < middle.median_cost
            then 'passive'
        when valued.net_price_index < middle.median_price and valued.cost_to_serve_ratio >= middle.median_cost
            then 'aggressive'
        when valued.net_price_index < middle.median_price and valued.cost_to_serve_ratio < middle.median_cost
            then 'bargain_basement'
    end as shapiro_quadrant
from valued
left join middle on valued.as_of_date = middle.as_of_date
