with record as (

    select * from {{ ref('int_account__identified') }}

),

assigned as (

    select * from {{ ref('int_account__assigned') }}

),

cut as (

    select record_key from {{ ref('int_account_parent__cut') }}
    where is_cut

),

first_link as (

    select record_key, arg_min(link_method, link_rank) as match_method
    from (
        select left_key as record_key, link_method, link_rank
        from {{ ref('int_account__linked') }}
        union all
        select right_key as record_key, link_method, link_rank
        from {{ ref('int_account__linked') }}
    )
    group by record_key

),

root_person as (

    select
        assigned.group_id,
        record.written_tax_id
    from record
    inner join assigned on record.record_key = assigned.record_key
    where assigned.is_root and record.is_natural_person

)

select
    record.account_kind,
    record.account_key,
    record.source_system,
    record.native_id,
    case
        when record.is_natural_person
            then {{ masked_name('record.account_name', 'record.written_tax_id') }}
        when root_person.group_id is not null and record.tax_id is null
            then {{ masked_name('record.account_name', 'root_person.written_tax_id') }}
        else record.account_name
    end as account_name,
    record.tax_id_root,
    assigned.group_id,
    case when cut.record_key is null then record.parent_account_key end as parent_account_key,
    coalesce(first_link.match_method, 'alone') as match_method,
    record.merged_into_account_key,
    record.is_intercompany,
    record.is_active,
    record.territory,
    record.created_date,
    record.extract_date,
    assigned.is_root
from record
inner join assigned on record.record_key = assigned.record_key
left join cut on record.record_key = cut.record_key
left join first_link on record.record_key = first_link.record_key
left join root_person on assigned.group_id = root_person.group_id
