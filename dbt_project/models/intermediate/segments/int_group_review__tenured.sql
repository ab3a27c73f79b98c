with review as (

    select * from {{ ref('int_review__listed') }}

),

client as (

    select * from {{ ref('int_group__current') }}
    where not is_pseudo_member

),

-- In the first days of the delivered invoices a first invoice proves nothing: such a group is old.
delivered as (

    select
        min(posting_date) + {{ threshold('calendar.left_censor_days') }} as censored_before_date
    from {{ ref('int_invoice_document__netted') }}

),

-- A day counts as an invoice day until the last of its invoices is cancelled.
invoice_date as (

    select
        group_id,
        posting_date,
        max(coalesce(cancelled_date, date '9999-12-31')) as undone_date
    from {{ ref('int_invoice_document__netted') }}
    where is_net_positive
    group by group_id, posting_date

),

invoiced as (

    select
        review.review_date,
        invoice_date.group_id,
        min(invoice_date.posting_date) as first_invoice_date
    from invoice_date
    inner join review
        on review.review_date >= invoice_date.posting_date
        and review.review_date < invoice_date.undone_date
    group by review.review_date, invoice_date.group_id

),

dated as (

    select
        review.review_date,
        client.group_id,
        client.created_date,
        invoiced.first_invoice_date,
        invoiced.first_invoice_date < delivered.censored_before_date as is_left_censored,
        coalesce(client.created_date < invoiced.first_invoice_date, false) as is_created_earlier
    from review
    cross join client
    cross join delivered
    left join invoiced
        on review.review_date = invoiced.review_date and client.group_id = invoiced.group_id

)

select
    review_date,
    group_id,
    first_invoice_date,
    first_invoice_date is null
    or (
        not (is_left_censored and not is_created_earlier)
        and review_date - case
            when is_left_censored then created_date
            else first_invoice_date
        end < {{ threshold('calendar.new_account_days') }}
    ) as is_new
from dated
