select
    {{ native_id('account') }} as account_id,
    {{ text('account') }} as account_name,
    cast(null as varchar) as tax_id,
    cast(null as varchar) as domain,
    cast(null as varchar) as city,
    {{ native_id('subsidiary_of') }} as parent_account_id,
    cast(null as varchar[]) as erp_customer_ids,
    cast(null as varchar) as owner_person_id,
    cast(null as varchar) as merged_into_account_id,
    {{ text('sector') }} as industry,
    cast(null as boolean) as is_key_account,
    cast(null as date) as key_account_from,
    cast(null as date) as key_account_to,
    {{ lineage('accounts') }},
    cast(null as varchar) as _reject
from {{ source('raw_maven_crm', 'accounts') }}
where not _is_deleted
