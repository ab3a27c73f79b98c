select
    {{ text('CTG_FILIAL') }} as company_code,
    trim(CTG_EXERC) || '-' || trim(CTG_PERIOD) as period,
    {{ protheus_date('CTG_XDTFEC') }} as closed_date,
    {{ lineage('CTG010') }},
    {{ first_reject([('CTG_XDTFEC', 'closed_date', 'TYPE', 'closed_date')]) }} as _reject
from {{ source('raw_protheus', 'ctg010') }}
where not _is_deleted
