with record as (

    select * from {{ ref('int_account__grouped') }}

),

first_seen as (

    select account_kind, account_key, min(first_seen_date) as first_seen_date
    from {{ ref('group_registry') }}
    group by account_kind, account_key

)

select
    record.account_kind,
    record.account_key,
    record.source_system,
    record.native_id,
    record.account_name,
    record.tax_id_root,
    record.group_id,
    record.parent_account_key,
    record.match_method,
    record.merged_into_account_key,
    record.is_intercompany,
    record.is_active,
    record.territory,
    first_seen.first_seen_date
from record
left join first_seen
    on record.account_kind = first_seen.account_kind
    and record.account_key = first_seen.account_key
