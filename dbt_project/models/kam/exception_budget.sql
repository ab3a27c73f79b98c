with run as (

    select * from {{ source('control', 'run') }}

),

request as (

    select * from {{ ref('int_exception__budgeted') }}

),

quarter as (

    select
        cast(quarter as date) as quarter,
        least(last_day(quarter + interval 2 month), run.as_of_date) as last_date
    from run
    cross join (select min(request.quarter) as first_quarter from request) as asked
    cross join unnest(generate_series(
        cast(asked.first_quarter as timestamp), cast(run.as_of_date as timestamp), interval 3 month
    )) as listed(quarter)

),

client as (

    select
        quarter.quarter,
        coalesce(segment.service_profile, 'UNMAPPED') as service_profile,
        count(*) as n_clients
    from quarter
    cross join {{ ref('dim_account_group') }} as client
    inner join {{ ref('dim_account_group_history') }} as state
        on
            client.group_id = state.group_id
            and {{ holds_on('state', 'quarter.last_date') }}
    left join {{ ref('segment_history') }} as segment
        on
            client.group_id = segment.group_id
            and {{ holds_on('segment', 'quarter.last_date') }}
    where not client.is_pseudo_member and state.lifecycle is distinct from 'prospect'
    group by 1, 2

),

used as (

    select
        quarter,
        service_profile,
        count(*) filter (where decision = 'approved') as used_count,
        coalesce(sum(cost_rc) filter (where decision = 'approved'), 0) as used_rc,
        count(*) filter (where decision = 'approved' and cost_rc is null) as unpriced_count,
        count(*) filter (where decision = 'pending') as pending_count,
        count(*) filter (where is_repeat) as repeat_count
    from request
    group by quarter, service_profile

),

budgeted as (

    select
        quarter.quarter,
        profile.service_profile,
        coalesce(client.n_clients, 0) as n_clients,
        budget.exceptions_per_client * coalesce(client.n_clients, 0) as allowed_count,
        coalesce(used.used_count, 0) as used_count,
        cast(budget.exceptions_rc_per_client * coalesce(client.n_clients, 0) as decimal(18, 2)) as allowed_rc,
        cast(coalesce(used.used_rc, 0) as decimal(18, 2)) as used_rc,
        coalesce(used.unpriced_count, 0) as unpriced_count,
        coalesce(used.pending_count, 0) as pending_count,
        {{ told_ratio('used.repeat_count', 'used.used_count') }} as repeat_share
    from quarter
    cross join (
        select budgeted.service_profile from {{ ref('int_profile__budgeted') }} as budgeted
        union all
        select 'UNMAPPED' as service_profile
    ) as profile
    left join {{ ref('int_profile__budgeted') }} as budget on profile.service_profile = budget.service_profile
    left join client
        on quarter.quarter = client.quarter and profile.service_profile = client.service_profile
    left join used
        on quarter.quarter = used.quarter and profile.service_profile = used.service_profile

)

select
    *,
    {{ budget_status() }} as status,
    nullif(concat_ws(
        ';',
        case
            when service_profile = 'UNMAPPED' then 'allowed_count:NO_HISTORY;allowed_rc:NO_HISTORY'
            when allowed_rc is null then 'allowed_rc:NO_SOURCE'
        end,
        case when repeat_share is null then 'repeat_share:TOO_FEW' end,
        case when service_profile = 'UNMAPPED' then 'status:NO_HISTORY' end
    ), '') as missing_reason
from budgeted
