-- Which records tell when a client ordered: one answer for the company, decided once per run.

{%- set window_months = 24 %}
with run as (

    select * from {{ source('control', 'run') }}

),

line as (

    select
        invoice_line.order_id,
        invoice_line.order_line_id
    from {{ ref('invoice_line') }} as invoice_line
    inner join run
        on invoice_line.posting_date <= run.as_of_date
        and invoice_line.posting_date > cast(run.as_of_date - to_months({{ window_months }}) as date)
    where invoice_line.document_type = 'INVOICE'

),

counted as (

    select
        count(*) as n_invoice_lines,
        count(order_line.order_line_id) as n_with_order_line
    from line
    left join {{ ref('order_line') }} as order_line
        on line.order_id = order_line.order_id
        and line.order_line_id = order_line.order_line_id

)

select
    case
        when
            n_invoice_lines > 0
            and n_with_order_line >= {{ threshold('ltv.order_line_min_share') }} * n_invoice_lines
            then 'order_line'
        else 'invoice'
    end as order_basis,
    n_invoice_lines,
    n_with_order_line,
    cast(n_with_order_line as double) / nullif(cast(n_invoice_lines as double), 0) as order_line_share
from counted
