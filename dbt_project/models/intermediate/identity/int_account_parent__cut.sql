with recursive record as (

    select * from {{ ref('int_account__identified') }}

),

parent_link as (

    select
        child.record_key,
        parent.record_key as parent_record_key
    from record as child
    inner join record as parent
        on child.account_kind = parent.account_kind
        and child.parent_account_key = parent.account_key

),

-- Every step doubles the stride. What is still walking after 2^20 parents walks in a circle.
walk as (

    select
        record_key,
        parent_record_key as reached_key,
        least(record_key, parent_record_key) as smallest_key,
        0 as doublings
    from parent_link
    union all
    select
        near.record_key,
        far.reached_key,
        least(near.smallest_key, far.smallest_key) as smallest_key,
        near.doublings + 1 as doublings
    from walk as near
    inner join walk as far on near.reached_key = far.record_key
    where near.doublings < 20

),

cycle as (

    select distinct smallest_key
    from walk
    where doublings = 20 and record_key = smallest_key

)

select
    parent_link.record_key,
    parent_link.parent_record_key,
    cycle.smallest_key is not null as is_cut
from parent_link
left join cycle on parent_link.record_key = cycle.smallest_key
