with delivered as (

    select
        cast(date_trunc('month', min(posting_date)) as date) as first_month,
        min(posting_date) filter (where document_type = 'INVOICE')
        + {{ threshold('calendar.left_censor_days') }} as proven_from_date
    from {{ ref('int_invoice_line__attributed') }}

),

reached as (

    select
        run.as_of_date + 1 as finished_before_date,
        least(run.as_of_date, coalesce(feed.reached_date, run.as_of_date)) + 1 as told_before_date
    from {{ source('control', 'run') }} as run
    left join {{ ref('int_service_feed__reached') }} as feed on feed.feed = 'invoice'

)

select
    delivered.first_month,
    cast(date_trunc('month', delivered.proven_from_date - 1) + interval 1 month as date) as first_proven_month,
    cast(date_trunc('month', reached.finished_before_date) - interval 1 month as date) as last_finished_month,
    cast(date_trunc('month', reached.told_before_date) - interval 1 month as date) as last_told_month
from delivered
cross join reached
