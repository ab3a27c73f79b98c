with run as (

    select * from {{ source('control', 'run') }}

),

document as (

    select document_id, min(company_code) as company_code
    from {{ ref('int_invoice_line__attributed') }}
    group by document_id

),

receivable as (

    select
        receivable.receivable_id,
        receivable.customer_id,
        coalesce(customer.group_id, 'UNMAPPED') as group_id,
        coalesce(
            receivable.company_code, document.company_code, group_company.company_code, '*'
        ) as company_code,
        receivable.issued_date,
        receivable.amount_base
    from {{ ref('receivable') }} as receivable
    left join document on receivable.document_id = document.document_id
    left join {{ ref('int_customer__grouped') }} as customer
        on receivable.customer_id = customer.customer_id
    left join {{ ref('int_group_company__dated') }} as group_company
        on coalesce(customer.group_id, 'UNMAPPED') = group_company.group_id
        and {{ holds_on('group_company', 'receivable.issued_date') }}

),

movement as (

    select customer_id, group_id, company_code, issued_date as movement_date, amount_base
    from receivable
    union all
    select
        receivable.customer_id,
        receivable.group_id,
        receivable.company_code,
        receipt.paid_date as movement_date,
        -receipt.amount_base as amount_base
    from {{ ref('receipt') }} as receipt
    inner join receivable on receipt.receivable_id = receivable.receivable_id

),

moved as (

    select
        movement.customer_id,
        movement.group_id,
        movement.company_code,
        cast(date_trunc('month', movement.movement_date) as date) as month,
        sum(movement.amount_base) as moved_base
    from movement
    inner join run on movement.movement_date <= run.as_of_date
    group by all

),

balance_month as (

    select
        ledger.customer_id,
        ledger.group_id,
        ledger.company_code,
        cast(spine.month as date) as month
    from (
        select customer_id, group_id, company_code, min(month) as first_month from moved
        group by customer_id, group_id, company_code
    ) as ledger
    cross join run
    cross join unnest(generate_series(
        cast(ledger.first_month as timestamp), date_trunc('month', run.as_of_date), interval 1 month
    )) as spine(month)

),

balanced as (

    select
        balance_month.*,
        coalesce(moved.moved_base, 0) as moved_base,
        sum(coalesce(moved.moved_base, 0)) over (
            partition by balance_month.customer_id, balance_month.company_code
            order by balance_month.month nulls last
        ) as closing_base
    from balance_month
    left join moved
        on balance_month.customer_id = moved.customer_id
        and balance_month.company_code = moved.company_code
        and balance_month.month = moved.month

),

-- Mean of opening and closing balance; the running month counts its elapsed days.
financed as (

    select
        balanced.*,
        (2 * balanced.closing_base - balanced.moved_base) / 2.0
        * {{ money_rate('cost_to_serve.annual_cost_of_capital') }} / 12
        * case
            when last_day(balanced.month) > run.as_of_date
                then day(run.as_of_date) / cast(day(last_day(balanced.month)) as double)
            else 1
        end as cost_base,
        least(last_day(balanced.month), run.as_of_date) as balance_date
    from balanced
    cross join run
    where balanced.closing_base <> 0 or balanced.moved_base <> 0

)

select
    financed.month,
    financed.customer_id,
    financed.group_id,
    coalesce(membership.group_id, financed.group_id) as group_id_as_was,
    financed.company_code,
    {{ at_rate('financed.cost_base', 'month_rate.rate') }} as amount_rc
from financed
cross join run
left join {{ ref('company') }} as company on financed.company_code = company.company_code
left join {{ ref('int_currency_month__averaged') }} as month_rate
    on coalesce(company.base_currency, run.reporting_currency) = month_rate.currency
    and financed.month = month_rate.month
left join {{ ref('int_account__membership') }} as membership
    on membership.account_kind = 'erp_customer'
    and financed.customer_id = membership.account_key
    and {{ holds_on('membership', 'financed.balance_date') }}
