{%- set measures = ['client_sell_out', 'client_category', 'client_margin'] -%}
with measured as (

    select * from {{ ref('int_sell_out__measured') }}

),

begun as (

    select measure, min(month) as first_month from measured
    group by measure

),

paired as (

    {{ sell_out_pairs('measured', "cast(date_trunc('quarter', current_year.month) as date)", 'quarter') }}

),

rated as (

    select
        paired.*,
        case
            when before_base > 0 then cast(amount_base as double) / cast(before_base as double) - 1
        end as growth,
        case
            when before_base > 0 then null
            when cast(quarter - interval 1 year as date) < begun.first_month then 'NO_HISTORY'
            else 'TOO_FEW'
        end as reason
    from paired
    inner join begun on paired.measure = begun.measure

),

finished as (

    select rated.*
    from rated
    inner join {{ source('control', 'run') }} as run
        on cast(rated.quarter + interval 3 months as date) <= run.as_of_date + 1

)

select
    quarter,
    last_day(cast(quarter + interval 2 months as date)) as last_date,
    group_id,
    {%- for measure in measures %}
    max(growth) filter (where measure = '{{ measure }}') as {{ measure }}_growth,
    case
        when count(*) filter (where measure = '{{ measure }}') = 0 then 'NO_SOURCE'
        else max(reason) filter (where measure = '{{ measure }}')
    end as {{ measure }}_reason,
    {%- endfor %}
    count(growth) as client_pieces
from finished
group by quarter, group_id
having count(growth) > 0
