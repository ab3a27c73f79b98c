select
    {{ protheus_date('M2_DATA') }} as rate_date,
    'USD' as from_currency,
    'BRL' as to_currency,
    {{ protheus_decimal('M2_MOEDA2', 'decimal(18, 6)') }} as rate,
    {{ lineage('SM2010') }},
    {{ first_reject([
        ('M2_DATA', 'rate_date', 'TYPE', 'rate_date'),
        ('M2_MOEDA2', 'rate', 'NUM_FORMAT', 'rate'),
    ]) }} as _reject
from {{ source('raw_protheus', 'sm2010') }}
where not _is_deleted and coalesce({{ protheus_decimal('M2_MOEDA2', 'decimal(18, 6)') }}, 1) <> 0
