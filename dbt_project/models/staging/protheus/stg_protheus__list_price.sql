select
    {{ native_id('DA1_CODPRO') }} as product_id,
    {{ protheus_date('DA1_DATVIG') }} as valid_from,
    cast(null as date) as valid_to,
    {{ protheus_decimal('DA1_PRCVEN', 'decimal(18, 6)') }} as unit_price,
    {{ protheus_currency('DA1_MOEDA') }} as currency,
    {{ lineage('DA1010') }},
    {{ first_reject([
        ('DA1_DATVIG', 'valid_from', 'TYPE', 'valid_from'),
        ('DA1_PRCVEN', 'unit_price', 'NUM_FORMAT', 'unit_price'),
    ]) }} as _reject
from {{ source('raw_protheus', 'da1010') }}
where not _is_deleted and trim(DA1_ATIVO) = '1'
qualify
    row_number() over (
        partition by product_id, trim(DA1_DATVIG)
        order by trim(DA1_CODTAB) nulls last, _delivery_id nulls last, _file_row nulls last
    ) = 1
