with record as (

    select
        identified.record_key,
        identified.account_kind,
        identified.account_key,
        identified.is_intercompany,
        identified.extract_date,
        connected.component_key,
        connected.is_root
    from {{ ref('int_account__identified') }} as identified
    left join {{ ref('int_account__connected') }} as connected
        on identified.record_key = connected.record_key

),

registered as (

    select * from {{ source('memory', 'group_registry') }}

),

-- How old an id is: the first day of its first record.
known_group as (

    select group_id, min(valid_from_date) as first_date
    from registered
    group by group_id

),

revenue as (

    select * from {{ ref('int_customer__valued') }}

),

-- What a former group brings into a component of tonight.
part as (

    select
        record.component_key,
        registered.group_id,
        known_group.first_date,
        coalesce(sum(revenue.net_revenue_t12m_base), 0) as net_revenue
    from record
    inner join registered
        on record.account_kind = registered.account_kind
        and record.account_key = registered.account_key
        and registered.valid_to_date is null
        and registered.group_id not in ('UNMAPPED', 'INTERCOMPANY', 'ERASED')
    inner join known_group on registered.group_id = known_group.group_id
    left join revenue
        on record.account_kind = 'erp_customer'
        and record.account_key = revenue.customer_id
    where record.component_key is not null
    group by record.component_key, registered.group_id, known_group.first_date

),

-- A split leaves the id with the larger part; a join keeps the id of the larger part.
largest_part as (

    select * from part
    qualify
        row_number() over (
            partition by group_id
            order by net_revenue desc nulls last, component_key asc nulls last
        ) = 1

),

kept as (

    select component_key, group_id from largest_part
    qualify
        row_number() over (
            partition by component_key
            order by
                net_revenue desc nulls last,
                first_date asc nulls last,
                group_id asc nulls last
        ) = 1

),

-- The roots after which ids were ever given: e:1, also for e:1#2.
taken as (

    select group_id, group_id as root_key from known_group
    union
    select group_id, regexp_replace(group_id, '#[0-9]+$', '') as root_key from known_group

),

fresh as (

    select
        record.component_key,
        record.account_key as root_key,
        count(distinct taken.group_id) as n_taken
    from record
    left join taken on record.account_key = taken.root_key
    where
        record.is_root
        and record.component_key not in (select kept.component_key from kept)
    group by record.component_key, record.account_key

),

component as (

    select component_key, group_id from kept
    union all
    select
        component_key,
        root_key || case when n_taken > 0 then '#' || (n_taken + 1) else '' end as group_id
    from fresh

)

select
    record.record_key,
    record.account_kind,
    record.account_key,
    record.extract_date,
    case when record.is_intercompany then 'INTERCOMPANY' else component.group_id end as group_id,
    coalesce(record.is_root, false) as is_root
from record
left join component on record.component_key = component.component_key
