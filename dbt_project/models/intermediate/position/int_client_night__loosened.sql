{%- set fall = (threshold('portfolio.stage.share_fall') * 1000000000) | round | int -%}
with client as (

    select * from {{ ref('int_client_night__opened') }}

),

potential as (

    select * from {{ ref('account_potential') }}
    where category = 'ALL'

),

coverage as (

    select * from {{ ref('health_component') }}
    where component = 'role_coverage'

)

select
    client.as_of_date,
    client.group_id,
    potential.share_of_wallet,
    coalesce(
        potential.wallet_source = earlier.wallet_source
        and {{ billionths('earlier.share_of_wallet') }} - {{ billionths('potential.share_of_wallet') }} >= {{ fall }}
        and potential.share_of_wallet is not null,
        false
    ) as is_share_falling,
    coalesce(
        earlier_coverage.raw_value > 0
        and coverage.raw_value
        <= {{ threshold('portfolio.stage.roles_fall_to') }} * earlier_coverage.raw_value,
        false
    ) as is_roles_falling,
    coalesce(warned.is_detractor, false) as is_detractor,
    coalesce(warned.is_competitor, false) as is_competitor
from client
asof left join potential
    on client.group_id = potential.group_id and client.as_of_date >= potential.as_of_date
asof left join potential as earlier
    on client.group_id = earlier.group_id and client.compared_date >= earlier.as_of_date
asof left join coverage
    on client.group_id = coverage.group_id and client.as_of_date >= coverage.as_of_date
asof left join coverage as earlier_coverage
    on client.group_id = earlier_coverage.group_id and client.compared_date >= earlier_coverage.as_of_date
left join {{ ref('int_group_night__warned') }} as warned
    on client.as_of_date = warned.as_of_date and client.group_id = warned.group_id
