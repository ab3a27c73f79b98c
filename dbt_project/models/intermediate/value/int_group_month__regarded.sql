-- Every key account on the last day of every month, and whoever gave something beside.
with given as (

    select month, group_id from {{ ref('int_group_month__referred') }}
    union
    select month, group_id from {{ ref('int_group_month__answered') }}
    union
    select month, group_id from {{ ref('int_group_month__grown') }}
    union
    select month, group_id from {{ ref('int_group_month__sold_through') }}
    union
    select month, group_id from {{ ref('int_group_month__evidenced') }}

),

key_account as (

    select
        listed.month,
        state.group_id
    from {{ ref('int_value_month__listed') }} as listed
    inner join {{ ref('dim_account_group_history') }} as state
        on state.is_key_account and {{ holds_on('state', 'listed.last_date') }}

),

delivered as (

    select
        min(posting_date) filter (where document_type = 'INVOICE')
        + {{ threshold('calendar.left_censor_days') }} as censored_before_date
    from {{ ref('int_invoice_line__attributed') }}

)

select
    listed.month,
    listed.last_date,
    listed.is_finished,
    client.group_id,
    coalesce(
        listed.last_date >= client.tenure_start_date
        and listed.last_date - client.tenure_start_date < {{ threshold('calendar.new_account_days') }}
        and not (
            client.tenure_start_date = client.first_invoice_date
            and client.first_invoice_date < delivered.censored_before_date
        ), false
    ) as is_new
from (
    select month, group_id from given
    union
    select month, group_id from key_account
) as regarded
inner join {{ ref('int_value_month__listed') }} as listed on regarded.month = listed.month
inner join {{ ref('dim_account_group') }} as client
    on regarded.group_id = client.group_id and not client.is_pseudo_member
cross join delivered
