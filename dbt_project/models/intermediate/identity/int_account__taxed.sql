with member as (

    select 'tax_id' as link_method, tax_id as number, record_key
    from {{ ref('int_account__identified') }}
    where tax_id is not null and not is_intercompany
    union all
    select 'tax_id_root' as link_method, tax_id_root as number, record_key
    from {{ ref('int_account__identified') }}
    where has_cnpj and not is_intercompany

),

crosswalk as (

    select
        left_kind || ' ' || left_id as left_key,
        right_kind || ' ' || right_id as right_key,
        is_same
    from {{ source('config', 'account_crosswalk') }}

),

rejected as (

    select left_key, right_key from crosswalk where not is_same
    union
    select right_key as left_key, left_key as right_key from crosswalk where not is_same

),

disputed as (

    select distinct
        one.link_method,
        one.number,
        one.record_key
    from member as one
    inner join rejected on one.record_key = rejected.left_key
    inner join member as other
        on rejected.right_key = other.record_key
        and one.link_method = other.link_method
        and one.number = other.number

),

-- Records that share a number are linked through one that nobody rejects; where each is rejected by
-- another, every pair that is left is a link.
judged as (

    select
        member.*,
        disputed.record_key is not null as is_disputed,
        min(case when disputed.record_key is null then member.record_key end) over (
            partition by member.link_method, member.number
        ) as hub_key
    from member
    left join disputed
        on member.link_method = disputed.link_method
        and member.number = disputed.number
        and member.record_key = disputed.record_key

),

shared as (

    select hub_key as left_key, record_key as right_key, link_method
    from judged
    where hub_key is not null and record_key <> hub_key
    union all
    select one.record_key as left_key, other.record_key as right_key, one.link_method
    from judged as one
    inner join judged as other
        on one.link_method = other.link_method
        and one.number = other.number
        and one.record_key < other.record_key
    where
        one.hub_key is null
        and other.hub_key is null
        and not exists (
            select 1
            from rejected
            where
                rejected.left_key = one.record_key
                and rejected.right_key = other.record_key
        )

)

select * from shared
