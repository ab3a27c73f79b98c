with fitted as (

    select
        as_of_date,
        fit_segment,
        part,
        parameter,
        {{ known('value') }} as value,
        {{ known('standard_error') }} as standard_error,
        method,
        cast({{ known('rung') }} as bigint) as rung,
        reason
    from {{ source('scores', 'ltv_model_fit') }}

),

series as (

    select as_of_date, fit_segment, part, parameter, value
    from {{ source('memory', 'ltv_model') }}
    where as_of_date not in (select fitted.as_of_date from fitted)
    union all
    select as_of_date, fit_segment, part, parameter, value from fitted

),

night_before as (

    select
        as_of_date,
        lag(as_of_date) over (order by as_of_date nulls last) as as_of_date_before
    from (select distinct as_of_date from series)

)

-- The night before is the newest that any fit has; a fit it had not has no change.
select
    fitted.as_of_date,
    fitted.fit_segment,
    fitted.part,
    fitted.parameter,
    fitted.value,
    fitted.standard_error,
    fitted.value / nullif(before.value, 0) - 1 as change_ratio,
    fitted.method,
    fitted.rung,
    fitted.reason
from fitted
inner join night_before on fitted.as_of_date = night_before.as_of_date
left join series as before
    on night_before.as_of_date_before = before.as_of_date
    and fitted.fit_segment = before.fit_segment
    and fitted.part = before.part
    and fitted.parameter = before.parameter
