with run as (

    select * from {{ source('control', 'run') }}

),

invoice_line as (

    select * from {{ ref('invoice_line') }}

),

-- A cost that names a rebate document repeats money the ledger already holds.
trade_spend as (

    select customer_id, posting_date, -amount_base as amount_base
    from {{ ref('customer_cost') }}
    where
        cost_type in ('rebate', 'bonus', 'co_op')
        and (
            document_id is null
            or document_id not in (
                select invoice_line.document_id from invoice_line
                where invoice_line.document_type = 'REBATE'
            )
        )

),

posted as (

    select customer_id, posting_date, net_amount_base as amount_base
    from invoice_line
    union all
    select * from trade_spend

)

select
    posted.customer_id,
    sum(posted.amount_base) as net_revenue_t12m_base
from posted
inner join run
    on posted.posting_date between run.as_of_date - 364 and run.as_of_date
where posted.customer_id is not null
group by posted.customer_id
