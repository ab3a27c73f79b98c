select
    {{ text('name') }} as company_code,
    {{ text('company_name') }} as name,
    {{ text('default_currency') }} as base_currency,
    {{ lineage('company') }},
    cast(null as varchar) as _reject
from {{ source('raw_erpnext', 'company') }}
where not _is_deleted
