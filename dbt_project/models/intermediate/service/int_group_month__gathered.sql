{%- set feeds = ['order', 'promotion', 'invoice', 'receivable', 'case'] -%}
with run as (

    select * from {{ source('control', 'run') }}

),

feed as (

    select * from {{ ref('int_service_feed__reached') }}

),

invoice as (

    select
        group_id,
        month,
        count(*) as invoices,
        count(*) filter (where is_corrected) as invoices_corrected,
        bool_and(is_reason_told) as is_reason_told
    from {{ ref('int_invoice__corrected') }}
    group by group_id, month

),

opened as (

    select * from {{ ref('int_receivable_month__open') }}

),

billed as (

    select group_id, min(month) as first_billed_month from {{ ref('int_group_month__billed') }}
    group by group_id

),

spine as (

    select group_id, month from {{ ref('int_group_month__served') }}
    union
    select group_id, month from invoice
    union
    select group_id, month from opened
    where balance_rc <> 0 or balance_rc is null
    union
    select group_id, month from {{ ref('int_receipt_month__paid') }}
    union
    select group_id, month from {{ ref('int_promotion_month__started') }}
    union
    select group_id, month from {{ ref('int_case_month__closed') }}

)

select
    spine.month,
    spine.group_id,
    least(last_day(spine.month), run.as_of_date) as last_date,
    served.* exclude (group_id, month),
    promotion.* exclude (group_id, month),
    returned.invoiced_rc,
    returned.returned_rc,
    invoice.* exclude (group_id, month),
    opened.group_id is not null as has_open_receivable,
    opened.balance_rc,
    opened.overdue_rc,
    coalesce(billed.first_billed_month <= spine.month, false) as is_ever_billed,
    counted.dso_days,
    receipt.* exclude (group_id, month),
    service_case.* exclude (group_id, month),
    {%- for name in feeds %}
    {{ feed_reason(name ~ '_feed', 'spine.month', 'least(last_day(spine.month), run.as_of_date)') }}
        as {{ name }}_reason{{ ',' if not loop.last }}
    {%- endfor %}
from spine
cross join run
left join {{ ref('int_group_month__served') }} as served
    on spine.group_id = served.group_id and spine.month = served.month
left join {{ ref('int_promotion_month__started') }} as promotion
    on spine.group_id = promotion.group_id and spine.month = promotion.month
left join {{ ref('int_invoice_month__returned') }} as returned
    on spine.group_id = returned.group_id and spine.month = returned.month
left join invoice on spine.group_id = invoice.group_id and spine.month = invoice.month
left join opened on spine.group_id = opened.group_id and spine.month = opened.month
left join billed on spine.group_id = billed.group_id
left join {{ ref('int_receivable_month__counted') }} as counted
    on spine.group_id = counted.group_id and spine.month = counted.month
left join {{ ref('int_receipt_month__paid') }} as receipt
    on spine.group_id = receipt.group_id and spine.month = receipt.month
left join {{ ref('int_case_month__closed') }} as service_case
    on spine.group_id = service_case.group_id and spine.month = service_case.month
{%- for name in feeds %}
left join feed as {{ name }}_feed on {{ name }}_feed.feed = '{{ name }}'
{%- endfor %}
where spine.group_id <> 'INTERCOMPANY' and spine.month <= run.as_of_date
