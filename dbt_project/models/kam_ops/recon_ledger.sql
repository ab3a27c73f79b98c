with run as (

    select as_of_date, strftime(as_of_date, '%Y-%m') as last_period from {{ source('control', 'run') }}

),

-- The waiver is one for all differences: the check that holds the night counts rows.
waiver as (

    select count(*) > 0 as is_waived from {{ source('control', 'waiver') }}
    where check_id = 'kam_ops/recon_ledger:rows_with_difference'

),

ledger as (

    select
        balance.company_code,
        balance.period,
        coalesce(balance.gl_account, 'UNKNOWN') as gl_account,
        sum(balance.amount_base) as ledger_base
    from {{ ref('ledger_balance') }} as balance
    inner join run on balance.period <= run.last_period
    group by all

),

covered as (

    select distinct company_code, period from ledger

),

line_read as (

    select
        line.company_code,
        line.period,
        line.gl_account,
        sum(line.amount_base) as subledger_base
    from {{ ref('int_invoice_line__read') }} as line
    cross join run
    where line.is_set_aside or line.posting_date <= run.as_of_date
    group by all

),

published as (

    select
        company_code,
        strftime(posting_date, '%Y-%m') as period,
        coalesce(gl_account, 'UNKNOWN') as gl_account,
        sum(net_amount_base) as published_base,
        sum(net_amount_base) filter (where group_id = 'UNMAPPED') as unmapped_base,
        sum(net_amount_base) filter (where group_id = 'INTERCOMPANY') as intercompany_base
    from {{ ref('int_invoice_line__attributed') }}
    group by all

),

set_aside as (

    select
        coalesce(company_code, 'UNKNOWN') as company_code,
        coalesce(period, 'UNKNOWN') as period,
        coalesce(gl_account, 'UNKNOWN') as gl_account,
        sum(amount_base) as quarantined_base,
        count(*) filter (where amount_base is null) as n_quarantined_unreadable
    from {{ ref('quarantine') }}
    where entity = 'invoice_line'
    group by all

),

-- Every revenue account of the ledger, and every account that any line was posted to.
account as (

    select company_code, period, gl_account from ledger
    {%- set patterns = var('company').revenue_gl_accounts or [] %}
    {%- if patterns %}
    where
        {%- for pattern in patterns %}
        {{ 'or ' if not loop.first }}gl_account glob '{{ pattern }}'
        {%- endfor %}
    {%- endif %}
    union
    select company_code, period, gl_account from line_read
    union
    select company_code, period, gl_account from published
    union
    select company_code, period, gl_account from set_aside

),

compared as (

    select
        account.company_code,
        account.period,
        account.gl_account,
        case when covered.period is not null then coalesce(ledger.ledger_base, 0) end as ledger_base,
        coalesce(line_read.subledger_base, 0) as subledger_base,
        coalesce(published.published_base, 0) as published_base,
        coalesce(published.unmapped_base, 0) as unmapped_base,
        coalesce(published.intercompany_base, 0) as intercompany_base,
        coalesce(set_aside.quarantined_base, 0) as quarantined_base,
        coalesce(set_aside.n_quarantined_unreadable, 0) as n_quarantined_unreadable,
        coalesce(period_close.closed_date <= run.as_of_date, false) as is_closed,
        run.as_of_date
    from account
    cross join run
    left join covered using (company_code, period)
    left join ledger using (company_code, period, gl_account)
    left join line_read using (company_code, period, gl_account)
    left join published using (company_code, period, gl_account)
    left join set_aside using (company_code, period, gl_account)
    left join {{ ref('period_close') }} as period_close using (company_code, period)

),

differed as (

    select
        *,
        subledger_base - published_base - quarantined_base as unexplained_base,
        ledger_base - subledger_base as difference_base
    from compared

),

judged as (

    select
        *,
        case
            when not is_closed then 'OPEN_PERIOD'
            when ledger_base is null then 'LEDGER_MISSING'
            when difference_base <> 0 and waiver.is_waived then 'WAIVED'
            when difference_base <> 0 then 'DIFF'
            when quarantined_base <> 0 or n_quarantined_unreadable > 0 then 'QUARANTINED'
            else 'OK'
        end as status
    from differed
    cross join waiver

)

select
    cast(company_code as varchar) as company_code,
    cast(period as varchar) as period,
    cast(gl_account as varchar) as gl_account,
    cast(ledger_base as decimal(18, 2)) as ledger_base,
    cast(subledger_base as decimal(18, 2)) as subledger_base,
    cast(published_base as decimal(18, 2)) as published_base,
    cast(unmapped_base as decimal(18, 2)) as unmapped_base,
    cast(intercompany_base as decimal(18, 2)) as intercompany_base,
    cast(quarantined_base as decimal(18, 2)) as quarantined_base,
    cast(n_quarantined_unreadable as bigint) as n_quarantined_unreadable,
    cast(unexplained_base as decimal(18, 2)) as unexplained_base,
    cast(difference_base as decimal(18, 2)) as difference_base,
    cast(is_closed as boolean) as is_closed,
    cast(status as varchar) as status,
    cast(as_of_date as date) as as_of_date
from judged
