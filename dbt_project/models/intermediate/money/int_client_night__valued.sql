-- Portfolio rows stand on month ends and on tonight; T12M is the 12 calendar months ending with the night's.
with night as (

    select
        as_of_date,
        is_month_end,
        cast(date_trunc('month', as_of_date) as date) as last_month,
        cast(date_trunc('month', as_of_date) - interval 11 months as date) as first_month
    from {{ source('control', 'night') }}
    where is_month_end or is_tonight

),

measured as (

    select * from {{ ref('int_client_month__measured') }}

),

population as (

    select night.*, client.group_id
    from night
    inner join {{ ref('int_client__invoiced') }} as client
        on client.first_document_date <= night.as_of_date

),

scope as (

    select scope, measure, min(month) as first_month from measured
    group by scope, measure

)

select
    population.as_of_date,
    population.is_month_end,
    scope.scope,
    scope.measure,
    population.group_id,
    cast(case
        when count(measured.month) = count(measured.value_rc)
            then coalesce(sum(measured.value_rc - coalesce(unshipped.added_cost_rc, 0)), 0)
    end as decimal(18, 2)) as value_rc
from population
inner join scope on scope.first_month <= population.last_month
left join measured
    on scope.scope = measured.scope
    and scope.measure = measured.measure
    and population.group_id = measured.group_id
    and measured.month between population.first_month and population.last_month
left join {{ ref('int_client_night__unshipped') }} as unshipped
    on measured.measure = 'contribution_t12m'
    and population.as_of_date = unshipped.as_of_date
    and measured.group_id = unshipped.group_id
    and measured.month = unshipped.month
group by all
