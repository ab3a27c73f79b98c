with tonight as (

    select * from {{ ref('int_account__grouped') }}

),

before as (

    select * from {{ source('memory', 'group_registry') }}
    where valid_to_date is null

),

known_group as (

    select distinct group_id from {{ source('memory', 'group_registry') }}

),

record as (

    select
        before.account_kind || ' ' || before.account_key as record_key,
        before.account_kind,
        before.account_key,
        before.group_id as from_group_id,
        tonight.group_id as to_group_id,
        before.match_method,
        case when before.merged_into_account_key is null then tonight.merged_into_account_key end as survivor_key
    from before
    inner join tonight
        on before.account_kind = tonight.account_kind
        and before.account_key = tonight.account_key

),

-- A former group all of whose records are in one other group tonight has moved whole.
former as (

    select
        from_group_id,
        count(distinct to_group_id) = 1 as is_whole,
        arg_min(match_method, case when match_method = 'alone' then 9 else 1 end) as match_method
    from record
    group by from_group_id

),

-- The strongest link of tonight between what used to be two groups and is one.
crossing as (

    select
        from_record.from_group_id,
        to_record.from_group_id as met_group_id,
        from_record.to_group_id,
        arg_min(link.link_method, link.link_rank) as link_method
    from (
        select left_key as record_key, right_key as other_key, link_method, link_rank
        from {{ ref('int_account__linked') }}
        union all
        select right_key as record_key, left_key as other_key, link_method, link_rank
        from {{ ref('int_account__linked') }}
    ) as link
    inner join record as from_record on link.record_key = from_record.record_key
    inner join record as to_record on link.other_key = to_record.record_key
    where from_record.from_group_id <> to_record.from_group_id
    group by from_record.from_group_id, to_record.from_group_id, from_record.to_group_id

),

appeared as (

    select from_group_id, to_group_id, min(link_method) as link_method
    from crossing
    where met_group_id = to_group_id
    group by from_group_id, to_group_id

),

moved as (

    select
        record.account_kind,
        record.account_key as from_account_key,
        coalesce(record.survivor_key, record.account_key) as to_account_key,
        record.from_group_id,
        record.to_group_id,
        case
            when record.survivor_key is not null then 'duplicate_merge'
            when former.is_whole then 'merge'
            when known_group.group_id is null then 'split'
            else 'reparent'
        end as change_type,
        case
            when record.survivor_key is not null then 'CRM_MERGE'
            when 'INTERCOMPANY' in (record.from_group_id, record.to_group_id) then 'INTERCOMPANY_FLAG'
            when appeared.link_method is not null then appeared.link_method
            when record.match_method <> 'alone' then record.match_method
            when former.match_method <> 'alone' then former.match_method
        end as link_method
    from record
    inner join former on record.from_group_id = former.from_group_id
    left join known_group on record.to_group_id = known_group.group_id
    left join appeared
        on record.from_group_id = appeared.from_group_id
        and record.to_group_id = appeared.to_group_id
    where record.from_group_id <> record.to_group_id or record.survivor_key is not null

)

-- A customer and an account of one source may have one id; they are one record here.
select
    from_account_key,
    to_account_key,
    from_group_id,
    to_group_id,
    change_type,
    case upper(link_method) when 'MERGED' then 'CRM_MERGE' else upper(link_method) end as reason
from moved
qualify
    row_number() over (
        partition by from_account_key, to_account_key order by account_kind desc nulls last
    ) = 1
