select
    {{ text('B9_FILIAL') }} as company_code,
    {{ native_id('B9_COD') }} as product_id,
    {{ protheus_date('B9_DATA') }} as valid_from,
    {{ protheus_decimal('B9_CM1', 'decimal(18, 6)') }} as unit_cost_base,
    {{ lineage('SB9010') }},
    {{ first_reject([
        ('B9_DATA', 'valid_from', 'TYPE', 'valid_from'),
        ('B9_CM1', 'unit_cost_base', 'NUM_FORMAT', 'unit_cost_base'),
    ]) }} as _reject
from {{ source('raw_protheus', 'sb9010') }}
where not _is_deleted
qualify
    row_number() over (
        partition by company_code, product_id, trim(B9_DATA)
        order by trim(B9_LOCAL) nulls last, _delivery_id nulls last, _file_row nulls last
    ) = 1
