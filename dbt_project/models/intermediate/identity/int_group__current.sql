with member as (

    select * from {{ ref('int_account__grouped') }}

),

pseudo_member as (

    select unnest(['UNMAPPED', 'INTERCOMPANY', 'ERASED']) as group_id

),

counted as (

    select
        group_id,
        count(*) filter (where account_kind = 'erp_customer') as n_customers,
        count(*) filter (
            where account_kind = 'crm_account' and merged_into_account_key is null
        ) as n_unmerged_accounts,
        min(created_date) as created_date
    from member
    group by group_id

),

root_account as (

    select group_id, account_id as root_account_id
    from {{ ref('int_account__ranked') }}
    where account_rank = 1

)

select
    root.group_id,
    root.account_name as group_name,
    false as is_pseudo_member,
    case when root.account_kind = 'erp_customer' then root.account_key end as root_customer_id,
    root_account.root_account_id,
    case
        when counted.n_customers > 0 then counted.n_customers
        else counted.n_unmerged_accounts
    end as n_accounts,
    root.territory,
    counted.n_customers > 0 as has_customer,
    counted.created_date
from member as root
inner join counted on root.group_id = counted.group_id
left join root_account on root.group_id = root_account.group_id
where root.is_root
union all
select
    pseudo_member.group_id,
    pseudo_member.group_id as group_name,
    true as is_pseudo_member,
    cast(null as varchar) as root_customer_id,
    cast(null as varchar) as root_account_id,
    coalesce(counted.n_customers, 0) as n_accounts,
    cast(null as varchar) as territory,
    coalesce(counted.n_customers, 0) > 0 as has_customer,
    cast(null as date) as created_date
from pseudo_member
left join counted on pseudo_member.group_id = counted.group_id
