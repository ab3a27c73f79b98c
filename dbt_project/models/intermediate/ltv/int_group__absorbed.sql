with member as (

    select account_key as customer_id, group_id, valid_from_date
    from {{ ref('int_account__membership') }}
    where account_kind = 'erp_customer'

),

moved as (

    select
        customer_id,
        group_id,
        valid_from_date,
        lag(group_id) over (
            partition by customer_id order by valid_from_date nulls last
        ) as part_id
    from member

)

select
    moved.group_id,
    moved.part_id,
    max(moved.valid_from_date) as merged_date
from moved
inner join {{ ref('int_group__current') }} as survivor on moved.group_id = survivor.group_id
left join {{ ref('int_group__current') }} as still on moved.part_id = still.group_id
where
    moved.part_id <> moved.group_id
    and still.group_id is null
    and not survivor.is_pseudo_member
group by moved.group_id, moved.part_id
