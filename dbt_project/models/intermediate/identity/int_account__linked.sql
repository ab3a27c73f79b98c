with record as (

    select * from {{ ref('int_account__identified') }}

),

client_record as (

    select * from record
    where not is_intercompany

),

crosswalk as (

    select
        left_kind || ' ' || left_id as left_key,
        right_kind || ' ' || right_id as right_key,
        is_same
    from {{ source('config', 'account_crosswalk') }}

),

declared as (

    select
        'crm_account ' || account_id as left_key,
        'erp_customer ' || unnest(erp_customer_ids) as right_key,
        'declared' as link_method
    from {{ ref('account') }}
    union all
    select left_key, right_key, 'declared' as link_method
    from crosswalk
    where is_same
    union all
    select
        'crm_account ' || account_key as left_key,
        record_key as right_key,
        'declared' as link_method
    from record
    where account_kind = 'erp_customer'
    union all
    select
        record_key as left_key,
        account_kind || ' ' || merged_into_account_key as right_key,
        'merged' as link_method
    from record
    where merged_into_account_key is not null
    union all
    select record_key as left_key, parent_record_key as right_key, 'parent' as link_method
    from {{ ref('int_account_parent__cut') }}
    where not is_cut

),

taxed as (

    select left_key, right_key, link_method
    from {{ ref('int_account__taxed') }}

),

link as (

    select * from declared
    union all
    select * from taxed

)

select distinct
    least(link.left_key, link.right_key) as left_key,
    greatest(link.left_key, link.right_key) as right_key,
    link.link_method,
    list_position(
        ['declared', 'tax_id', 'tax_id_root', 'parent', 'merged'], link.link_method
    ) as link_rank
from link
inner join client_record as left_record on link.left_key = left_record.record_key
inner join client_record as right_record on link.right_key = right_record.record_key
where link.left_key <> link.right_key
