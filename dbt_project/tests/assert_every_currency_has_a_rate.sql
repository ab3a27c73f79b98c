-- Names each pair and month without a rate: the cells it belongs to are published as NULL.
{{ config(severity='warn') }}
with run as (

    select * from {{ source('control', 'run') }}

),

line as (

    select * from {{ ref('int_invoice_line__attributed') }}

)

select
    coalesce(company.base_currency, run.reporting_currency) as from_currency,
    run.reporting_currency as to_currency,
    cast(line.month as varchar) as rate_month,
    count(*) as n_lines
from line
cross join run
left join {{ ref('company') }} as company on line.company_code = company.company_code
where line.net_amount_rc is null
group by all
union all
select
    line.currency as from_currency,
    run.reporting_currency as to_currency,
    cast(run.constant_rate_date as varchar) as rate_month,
    count(*) as n_lines
from line
cross join run
where line.net_amount_cc is null
group by all
