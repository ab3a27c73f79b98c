-- An unknown value makes every sum and share of its scope unknown, but no other client's own value.
with valued as (

    select
        * exclude (value_rc),
        value_rc as own_value_rc,
        case
            when
                count(value_rc) over (partition by as_of_date, scope, measure)
                = count(*) over (partition by as_of_date, scope, measure)
                then value_rc
        end as value_rc
    from {{ ref('int_client_night__valued') }}

),

ranked as (

    select
        *,
        case when value_rc > 0 then value_rc when value_rc <= 0 then 0 end as positive_rc,
        row_number() over (
            partition by as_of_date, scope, measure order by value_rc desc nulls last, group_id nulls last
        ) as rank_number
    from valued

)

select
    *,
    sum(positive_rc) over (partition by as_of_date, scope, measure) as total_positive_rc,
    sum(value_rc) over (partition by as_of_date, scope, measure) as total_rc,
    sum(positive_rc) over by_rank as cumulative_positive_rc,
    sum(value_rc) over by_rank as cumulative_rc,
    sum(cast(value_rc > 0 as integer)) over (partition by as_of_date, scope, measure) as n_active
from ranked
window by_rank as (partition by as_of_date, scope, measure order by rank_number nulls last)
