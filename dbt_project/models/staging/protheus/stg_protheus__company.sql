select
    {{ text('M0_CODFIL') }} as company_code,
    {{ text('M0_NOMECOM') }} as name,
    cast(null as varchar) as base_currency,
    {{ lineage('SM0') }},
    cast(null as varchar) as _reject
from {{ source('raw_protheus', 'sm0') }}
where not _is_deleted
