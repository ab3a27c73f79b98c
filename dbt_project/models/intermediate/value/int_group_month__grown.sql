{%- set measures = {'sell_out': 'client_sell_out', 'category': 'client_category'} -%}
with measured as (

    select * from {{ ref('int_sell_out__measured') }}
    where measure in ('client_sell_out', 'client_category')

),

begun as (

    select measure, min(month) as first_month from measured
    group by measure

),

paired as (

    {{ sell_out_pairs('measured', 'current_year.month', 'month') }}

),

windowed as (

    select
        listed.month,
        paired.group_id,
        paired.measure,
        sum(paired.amount_base) as amount_base,
        sum(paired.before_base) as before_base
    from {{ ref('int_value_month__listed') }} as listed
    inner join paired on paired.month between cast(listed.month - interval 2 month as date) and listed.month
    where listed.is_finished
    group by listed.month, paired.group_id, paired.measure

),

rated as (

    select
        windowed.*,
        case
            when before_base > 0 then cast(amount_base as double) / cast(before_base as double) - 1
        end as growth,
        case
            when before_base > 0 then null
            when cast(windowed.month - interval 14 month as date) < begun.first_month then 'NO_HISTORY'
            else 'TOO_FEW'
        end as reason
    from windowed
    inner join begun on windowed.measure = begun.measure

)

select
    month,
    group_id,
    {%- for name, measure in measures.items() %}
    max(growth) filter (where measure = '{{ measure }}') as {{ name }}_growth,
    case
        when count(*) filter (where measure = '{{ measure }}') = 0 then 'NO_SOURCE'
        else max(reason) filter (where measure = '{{ measure }}')
    end as {{ name }}_reason{{ ',' if not loop.last }}
    {%- endfor %}
from rated
group by month, group_id
