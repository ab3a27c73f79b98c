with account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account' and merged_into_account_key is null

),

root as (

    select account_kind || ' ' || account_key as record_key, group_id
    from {{ ref('int_account__grouped') }}
    where is_root

),

declared as (

    select left_key, right_key
    from {{ ref('int_account__linked') }}
    where link_method = 'declared'

),

judged as (

    select
        account.group_id,
        account.account_key as account_id,
        account.is_root or declared.left_key is not null as is_of_root
    from account
    left join root on account.group_id = root.group_id
    left join declared
        on declared.left_key = 'crm_account ' || account.account_key
        and declared.right_key = root.record_key

)

select
    group_id,
    account_id,
    row_number() over (
        partition by group_id
        order by is_of_root desc nulls last, account_id asc nulls last
    ) as account_rank
from judged
