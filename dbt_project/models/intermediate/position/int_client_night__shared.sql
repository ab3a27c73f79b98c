{%- set rule = threshold('portfolio.stage.synergistic') -%}
with recent as (

    select
        as_of_date,
        group_id,
        is_both_won
    from {{ ref('int_group_quarter_night__won') }}
    qualify
        row_number() over (
            partition by as_of_date, group_id order by quarter desc nulls last
        ) <= {{ rule.of_quarters }}

),

won as (

    select as_of_date, group_id
    from recent
    group by as_of_date, group_id
    having count(*) filter (where is_both_won) >= {{ rule.won_quarters }}

),

told as (

    select distinct night.as_of_date, reported.group_id
    from {{ ref('int_portfolio_night__windowed') }} as night
    inner join {{ ref('int_sell_out__measured') }} as reported
        on
            reported.month >= night.stage_from_date
            and last_day(reported.month) <= night.as_of_date
            and reported.measure = 'client_sell_out'

)

select
    client.as_of_date,
    client.group_id,
    won.group_id is not null as is_both_won,
    told.group_id is not null as is_sell_out_shared
from {{ ref('int_client_night__opened') }} as client
left join won on client.as_of_date = won.as_of_date and client.group_id = won.group_id
left join told on client.as_of_date = told.as_of_date and client.group_id = told.group_id
