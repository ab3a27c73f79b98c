select
    placed.as_of_date,
    placed.group_id,
    client.is_to_date,
    placed.net_price_index,
    placed.price_index_covered_share,
    placed.cost_to_serve_ratio,
    placed.shapiro_quadrant,
    regarded.supplier_position,
    staged.kam_stage,
    staged.stage_evidence,
    nullif(concat_ws(
        ';',
        case
            when placed.net_price_index is null
                then 'net_price_index:' || coalesce(placed.price_reason, 'TOO_FEW')
        end,
        case
            when placed.price_index_covered_share is null
                then 'price_index_covered_share:' || coalesce(placed.price_reason, 'TOO_FEW')
        end,
        case
            when placed.cost_to_serve_ratio is null
                then 'cost_to_serve_ratio:' || coalesce(placed.cost_reason, 'TOO_FEW')
        end,
        case
            when placed.shapiro_quadrant is not null then null
            when placed.is_new then 'shapiro_quadrant:NEW'
            else 'shapiro_quadrant:' || coalesce(placed.price_reason, placed.cost_reason, 'TOO_FEW')
        end,
        case when regarded.supplier_position is null then 'supplier_position:' || regarded.position_reason end,
        {{ missing_pair('kam_stage', 'staged.stage_reason') }}
    ), '') as missing_reason
from {{ ref('int_client_night__placed') }} as placed
inner join {{ ref('int_client_night__opened') }} as client
    on placed.as_of_date = client.as_of_date and placed.group_id = client.group_id
inner join {{ ref('int_client_night__regarded') }} as regarded
    on placed.as_of_date = regarded.as_of_date and placed.group_id = regarded.group_id
inner join {{ ref('int_client_night__staged') }} as staged
    on placed.as_of_date = staged.as_of_date and placed.group_id = staged.group_id
