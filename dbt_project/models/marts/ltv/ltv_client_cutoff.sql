with started as (

    select * from {{ ref('int_group_cutoff__started') }}

),

client as (

    select group_id from {{ ref('int_group__current') }}
    where not is_pseudo_member

),

created as (

    select
        grouped.group_id,
        min(customer.created_date) as created_date
    from {{ ref('int_account__grouped') }} as grouped
    inner join {{ ref('customer') }} as customer on grouped.account_key = customer.customer_id
    where grouped.account_kind = 'erp_customer'
    group by grouped.group_id

)

select
    started.cutoff_date,
    started.group_id,
    started.first_seen_date,
    created.created_date,
    channelled.fit_segment,
    coalesce(decided.is_key_account, false) as is_key_account,
    managed.manager_id,
    moved.group_id is null as is_same_tree,
    coalesce(margined.order_days, 0) as margin_order_days,
    coalesce(margined.contribution_rc, 0) as margin_contribution_rc,
    coalesce(margined.n_order_months, 0) as margin_months,
    coalesce(margined.within_square, 0) as margin_within_square,
    coalesce(margined.repeat_days, 0) as margin_repeat_days,
    coalesce(margined.repeat_contribution_rc, 0) as margin_repeat_contribution_rc
from started
inner join client on started.group_id = client.group_id
left join created on started.group_id = created.group_id
left join {{ ref('int_group_cutoff__channelled') }} as channelled
    on started.cutoff_date = channelled.cutoff_date
    and started.group_id = channelled.group_id
left join {{ ref('int_group_day__decided') }} as decided
    on started.cutoff_date = decided.day_date
    and started.group_id = decided.group_id
left join {{ ref('int_group_day__managed') }} as managed
    on started.cutoff_date = managed.day_date
    and started.group_id = managed.group_id
left join {{ ref('int_group_cutoff__margined') }} as margined
    on started.cutoff_date = margined.cutoff_date
    and started.group_id = margined.group_id
left join {{ ref('int_group_cutoff__moved') }} as moved
    on started.cutoff_date = moved.cutoff_date
    and started.group_id = moved.group_id
