with client as (

    select * from {{ ref('int_group_month__profiled') }}

),

account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

visit as (

    select distinct group_id, happened_date
    from {{ ref('int_activity__attended') }}
    where
        department = 'Sales'
        and is_two_way
        and activity_type in ('visit', 'meeting', 'executive_review')

),

executive_review as (

    select
        client.month,
        client.group_id,
        count(*) as n_executive_reviews
    from client
    inner join {{ ref('int_activity__happened') }} as activity
        on
            client.group_id = activity.group_id
            and activity.activity_type = 'executive_review'
            and activity.happened_date <= client.last_date
            and activity.happened_date >= {{ count_window_start('client.month') }}
    group by client.month, client.group_id

),

reviewed_plan as (

    select
        account.group_id,
        plan.start_date,
        plan.reviewed_date
    from {{ ref('account_plan') }} as plan
    inner join account on plan.account_id = account.account_key
    where plan.reviewed_date is not null

),

plan_review as (

    select group_id, happened_date as reviewed_date from {{ ref('int_activity__happened') }}
    where activity_type = 'plan_review' and group_id is not null
    union
    select group_id, reviewed_date from reviewed_plan

),

-- A review that came later has written over the date of an earlier one.
overwritten as (

    select distinct client.month, client.group_id
    from client
    inner join reviewed_plan
        on
            client.group_id = reviewed_plan.group_id
            and reviewed_plan.start_date <= client.last_date
            and reviewed_plan.reviewed_date > client.last_date

)

select
    client.month,
    client.group_id,
    visit.happened_date as last_visit_date,
    coalesce(executive_review.n_executive_reviews, 0) as n_executive_reviews,
    plan_review.reviewed_date as last_plan_review_date,
    overwritten.group_id is not null as is_review_overwritten
from client
asof left join visit
    on client.group_id = visit.group_id and client.last_date >= visit.happened_date
asof left join plan_review
    on client.group_id = plan_review.group_id and client.last_date >= plan_review.reviewed_date
left join executive_review
    on client.month = executive_review.month and client.group_id = executive_review.group_id
left join overwritten
    on client.month = overwritten.month and client.group_id = overwritten.group_id
