with request as (

    select * from {{ ref('int_exception__requested') }}

),

approved as (

    select
        exception_id,
        group_id,
        quarter,
        policy_area,
        requested_at,
        requested_date,
        count(*) over in_order as n_so_far,
        sum(coalesce(cost_rc, 0)) over in_order as spent_so_far_rc
    from request
    where decision = 'approved'
    window in_order as (
        partition by group_id, quarter
        order by requested_at nulls last, exception_id nulls last
        rows between unbounded preceding and current row
    )

),

spent as (

    select
        group_id,
        quarter,
        max(n_so_far) as n_approved,
        arg_max(spent_so_far_rc, n_so_far) as spent_rc
    from approved
    group by group_id, quarter

),

repeated as (

    select
        approved.exception_id,
        count(*) >= {{ threshold('exceptions.repeat.count') }} as is_repeat
    from approved
    inner join approved as earlier
        on
            approved.group_id = earlier.group_id
            and approved.policy_area = earlier.policy_area
            and earlier.requested_date
            > approved.requested_date - {{ threshold('exceptions.repeat.window_days') }}
            and (earlier.requested_at, earlier.exception_id) <= (approved.requested_at, approved.exception_id)
    group by approved.exception_id

),

-- A pending request is judged as if it were the next to be approved.
counted as (

    select
        request.*,
        case
            when request.decision = 'approved' then approved.n_so_far
            when request.decision = 'pending' then coalesce(spent.n_approved, 0) + 1
        end as n_in_quarter,
        case
            when request.decision = 'approved' then approved.spent_so_far_rc
            when request.decision = 'pending'
                then coalesce(spent.spent_rc, 0) + coalesce(request.cost_rc, 0)
        end as spent_in_quarter_rc,
        coalesce(repeated.is_repeat, false) as is_repeat
    from request
    left join approved on request.exception_id = approved.exception_id
    left join repeated on request.exception_id = repeated.exception_id
    left join spent
        on
            request.group_id = spent.group_id
            and request.quarter = spent.quarter

)

select
    counted.* exclude (n_in_quarter, spent_in_quarter_rc),
    counted.n_in_quarter <= budget.exceptions_per_client
    and coalesce(counted.spent_in_quarter_rc <= budget.exceptions_rc_per_client, true) as is_within_budget
from counted
left join {{ ref('int_profile__budgeted') }} as budget
    on counted.service_profile = budget.service_profile
