with cutoff as (

    select * from {{ ref('int_cutoff__listed') }}

),

member as (

    select
        cutoff.cutoff_date,
        then_member.group_id as group_id_then,
        now_member.group_id as group_id_now
    from cutoff
    inner join {{ ref('int_account__membership') }} as then_member
        on then_member.account_kind = 'erp_customer'
        and {{ holds_on('then_member', 'cutoff.cutoff_date') }}
    inner join {{ ref('int_account__grouped') }} as now_member
        on then_member.account_kind = now_member.account_kind
        and then_member.account_key = now_member.account_key
    where then_member.group_id <> now_member.group_id

)

select distinct cutoff_date, group_id_then as group_id from member
union
select distinct cutoff_date, group_id_now as group_id from member
