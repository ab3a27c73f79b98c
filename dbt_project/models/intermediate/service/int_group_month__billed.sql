with line as (

    select
        attributed.group_id,
        attributed.month,
        attributed.net_amount_rc
        + {{ at_rate('coalesce(line.tax_amount_base, 0)', 'attributed.base_rate') }} as billed_rc
    from {{ ref('int_invoice_line__attributed') }} as attributed
    inner join {{ ref('invoice_line') }} as line
        on
            attributed.document_id = line.document_id
            and attributed.line_id = line.line_id
    where
        attributed.document_type in ('INVOICE', 'DEBIT_NOTE', 'CANCELLATION')
        and attributed.pnl_column = 'invoiced'

),

monthly as (

    select
        group_id,
        month,
        {{ complete_sum('billed_rc') }} as billed_rc
    from line
    group by group_id, month

)

select
    group_id,
    month,
    billed_rc,
    greatest(0, billed_rc) as counted_rc,
    cast(sum(greatest(0, billed_rc)) over so_far as decimal(18, 2)) as billed_so_far_rc,
    count(*) over so_far > count(billed_rc) over so_far as is_without_rate,
    min(month) over so_far as first_month
from monthly
window so_far as (partition by group_id order by month nulls last)
