-- Per company and month: what account_pnl_monthly publishes is what recon_ledger says was published, in base
-- currency where that is the reporting currency, else line by line at the month's rate; and in all it is the lines.
with published as (

    select company_code, month, sum(ledger_revenue_rc) as ledger_revenue_rc
    from {{ ref('account_pnl_monthly') }}
    group by company_code, month

),

proven as (

    select company_code, cast(period || '-01' as date) as month, sum(published_base) as published_base
    from {{ ref('recon_ledger') }}
    where period <> 'UNKNOWN'
    group by company_code, period

),

line as (

    select
        company_code,
        month,
        sum(net_amount_base) as net_amount_base,
        sum(net_amount_rc) as net_amount_rc,
        count(*) filter (where net_amount_rc is null) as n_without_rate
    from {{ ref('int_invoice_line__attributed') }}
    group by company_code, month

),

base_currency as (

    select
        line.company_code,
        coalesce(company.base_currency, run.reporting_currency) = run.reporting_currency as is_reporting
    from (select distinct company_code from line) as line
    cross join {{ source('control', 'run') }} as run
    left join {{ ref('company') }} as company on line.company_code = company.company_code

)

select
    company_code,
    month,
    published.ledger_revenue_rc,
    proven.published_base,
    line.net_amount_rc
from published
full join proven using (company_code, month)
full join line using (company_code, month)
left join base_currency using (company_code)
where
    coalesce(proven.published_base, 0) <> coalesce(line.net_amount_base, 0)
    or (
        coalesce(line.n_without_rate, 0) = 0
        and coalesce(published.ledger_revenue_rc, 0) <> coalesce(line.net_amount_rc, 0)
    )
    or (
        base_currency.is_reporting
        and coalesce(published.ledger_revenue_rc, 0) <> coalesce(proven.published_base, 0)
    )
