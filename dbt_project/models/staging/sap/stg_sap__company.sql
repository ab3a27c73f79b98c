select
    {{ text('BUKRS') }} as company_code,
    {{ text('BUTXT') }} as name,
    {{ text('WAERS') }} as base_currency,
    {{ lineage('T001') }},
    cast(null as varchar) as _reject
from {{ source('raw_sap', 't001') }}
where not _is_deleted
