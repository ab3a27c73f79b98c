{%- set counts = {
    'lines_due': 'line', 'lines_otif_promised': 'line', 'lines_requested': 'line', 'lines_otif_requested': 'line',
    'late_lines': 'line', 'short_lines': 'line', 'late_cause_finance': 'line', 'late_cause_production': 'line',
    'late_cause_logistics': 'line', 'late_cause_unknown': 'line', 'promotions_due': 'promotion',
    'promotions_on_time': 'promotion', 'invoices': 'invoice', 'invoices_corrected': 'correction',
    'cases_opened': 'case', 'cases_closed': 'case'
} -%}
{%- set explained = {
    'lines_due': 'line', 'lines_otif_promised': 'line', 'otif_promised': 'line', 'lines_requested': 'line',
    'lines_otif_requested': 'line', 'otif_requested': 'line', 'late_lines': 'line', 'short_lines': 'line',
    'late_cause_finance': 'line', 'late_cause_production': 'line', 'late_cause_logistics': 'line',
    'late_cause_unknown': 'line', 'fill_rate_qty': 'order', 'promotions_due': 'promotion',
    'promotions_on_time': 'promotion', 'return_value_ratio': 'return', 'invoices': 'invoice',
    'invoices_corrected': 'correction', 'invoice_error_rate': 'correction', 'receivable_balance_rc': 'balance',
    'overdue_rc': 'balance', 'dso_days': 'dso', 'avg_days_late': 'receipt', 'cases_opened': 'case',
    'cases_closed': 'case', 'case_hours_to_close_median': 'case'
} -%}
with reasoned as (

    select
        *,
        coalesce(order_reason, case when is_without_arrivals then 'NO_SOURCE' end) as line_reason,
        coalesce(
            invoice_reason,
            case when invoices > 0 and (invoiced_rc is null or returned_rc is null) then 'NO_SOURCE' end
        ) as return_reason,
        coalesce(invoice_reason, case when not is_reason_told then 'NO_SOURCE' end) as correction_reason,
        coalesce(
            receivable_reason, case when has_open_receivable and balance_rc is null then 'NO_SOURCE' end
        ) as balance_reason,
        coalesce(
            receivable_reason,
            case when has_open_receivable and is_ever_billed and dso_days is null then 'NO_SOURCE' end
        ) as dso_reason,
        coalesce(receivable_reason, case when is_without_rate then 'NO_SOURCE' end) as receipt_reason
    from {{ ref('int_group_month__gathered') }}

),

told as (

    select
        * replace (
            {%- for column, feed in counts.items() %}
            {{ told_count(column, feed ~ '_reason') }} as {{ column }},
            {%- endfor %}
            case when order_reason is null then fill_rate_qty end as fill_rate_qty,
            case when receivable_reason is null then avg_days_late end as avg_days_late,
            case when case_reason is null then case_hours_to_close_median end as case_hours_to_close_median,
            case
                when receivable_reason is null
                    then case
                        when has_open_receivable then dso_days
                        when is_ever_billed then 0
                    end
            end as dso_days
        ),
        case when return_reason is null then {{ told_ratio('returned_rc', 'invoiced_rc') }} end as return_value_ratio,
        cast(case when balance_reason is null then coalesce(balance_rc, 0) end as decimal(18, 2))
            as receivable_balance_rc,
        cast(case when balance_reason is null then coalesce(overdue_rc, 0) end as decimal(18, 2))
            as told_overdue_rc
    from reasoned

),

rated as (

    select
        * exclude (overdue_rc),
        {{ told_ratio('lines_otif_promised', 'lines_due') }} as otif_promised,
        {{ told_ratio('lines_otif_requested', 'lines_requested') }} as otif_requested,
        {{ told_ratio('invoices_corrected', 'invoices') }} as invoice_error_rate,
        told_overdue_rc as overdue_rc
    from told

)

select
    month, group_id, lines_due, lines_otif_promised, otif_promised, lines_requested, lines_otif_requested,
    otif_requested, late_lines, short_lines, late_cause_finance, late_cause_production, late_cause_logistics,
    late_cause_unknown, fill_rate_qty, promotions_due, promotions_on_time, return_value_ratio, invoices,
    invoices_corrected, invoice_error_rate, receivable_balance_rc, overdue_rc, cast(dso_days as double) as dso_days,
    avg_days_late, cases_opened, cases_closed, case_hours_to_close_median,
    nullif(concat_ws(
        ';'
        {%- for column, feed in explained.items() %},
        case when {{ column }} is null then '{{ column }}:' || coalesce({{ feed }}_reason, 'TOO_FEW') end
        {%- endfor %}
    ), '') as missing_reason
from rated
