select
    {{ native_id('name') }} as account_id,
    {{ text('customer_name') }} as account_name,
    {{ tax_number('tax_id') }} as tax_id,
    {{ web_domain('website') }} as domain,
    cast(null as varchar) as city,
    cast(null as varchar) as parent_account_id,
    cast(null as varchar[]) as erp_customer_ids,
    cast(null as varchar) as owner_person_id,
    cast(null as varchar) as merged_into_account_id,
    coalesce({{ text('industry') }}, {{ text('market_segment') }}) as industry,
    cast(null as boolean) as is_key_account,
    cast(null as date) as key_account_from,
    cast(null as date) as key_account_to,
    {{ lineage('customer') }},
    cast(null as varchar) as _reject
from {{ source('raw_erpnext', 'customer') }}
where not _is_deleted
