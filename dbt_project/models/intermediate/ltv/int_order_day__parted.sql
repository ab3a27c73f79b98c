with member as (

    select account_key as customer_id, group_id, valid_from_date, valid_to_date
    from {{ ref('int_account__membership') }}
    where account_kind = 'erp_customer'

),

-- Only what absorbed another group is asked in parts.
survivor as (

    select distinct group_id from {{ ref('int_group__absorbed') }}

)

select
    ordered.group_id,
    coalesce(member.group_id, ordered.group_id) as part_id,
    ordered.order_date,
    max(ordered.undone_date) as undone_date
from {{ ref('int_customer_day__ordered') }} as ordered
inner join survivor on ordered.group_id = survivor.group_id
left join member
    on ordered.customer_id = member.customer_id
    and {{ holds_on('member', 'ordered.order_date') }}
group by all
