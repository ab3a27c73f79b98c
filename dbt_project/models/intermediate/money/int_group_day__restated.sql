-- Net revenue at the constant rates of every night: a past night keeps the rates of its own year.
with fixed as (

    select * from {{ ref('int_currency__fixed') }}

),

run as (

    select * from {{ source('control', 'run') }}

),

posted as (

    select group_id, posting_date, currency, net_amount as amount
    from {{ ref('int_invoice_line__attributed') }}
    union all
    select group_id, posting_date, base_currency as currency, -amount_base as amount
    from {{ ref('int_customer_cost__attributed') }}
    where is_trade_spend

),

fixing as (

    select distinct constant_rate_date from fixed

),

-- Rounded per line; in the reporting currency there is nothing to round.
converted as (

    select
        fixing.constant_rate_date,
        own.group_id,
        own.posting_date,
        own.amount as amount_cc
    from (
        select posted.group_id, posted.posting_date, sum(posted.amount) as amount
        from posted
        inner join run on posted.currency = run.reporting_currency
        group by posted.group_id, posted.posting_date
    ) as own
    cross join fixing
    union all
    select
        fixing.constant_rate_date,
        posted.group_id,
        posted.posting_date,
        {{ at_rate('posted.amount', 'fixed.rate') }} as amount_cc
    from posted
    inner join run on posted.currency <> run.reporting_currency
    cross join fixing
    left join fixed
        on fixing.constant_rate_date = fixed.constant_rate_date and posted.currency = fixed.currency

)

select
    constant_rate_date,
    group_id,
    posting_date,
    {{ complete_sum('amount_cc') }} as net_revenue_cc
from converted
group by constant_rate_date, group_id, posting_date
