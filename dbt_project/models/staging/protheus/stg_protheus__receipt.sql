select
    {{ native_id([
        'E5_FILIAL', 'E5_PREFIXO', 'E5_NUMERO', 'E5_PARCELA', 'E5_TIPO', 'E5_CLIFOR', 'E5_LOJA', 'E5_SEQ'
    ]) }} as receipt_id,
    {{ native_id(['E5_FILIAL', 'E5_PREFIXO', 'E5_NUMERO', 'E5_PARCELA', 'E5_TIPO']) }} as receivable_id,
    {{ protheus_date('E5_DATA') }} as paid_date,
    {{ protheus_title_sign('E5_TIPO') }} * {{ protheus_decimal('E5_VALOR') }} as amount_base,
    {{ lineage('SE5010') }},
    {{ first_reject([
        ('E5_DATA', 'paid_date', 'TYPE', 'paid_date'),
        ('E5_VALOR', 'amount_base', 'NUM_FORMAT', 'amount_base'),
    ]) }} as _reject
from {{ source('raw_protheus', 'se5010') }}
where not _is_deleted and trim(E5_RECPAG) = 'R' and trim(E5_TIPO) <> 'PR'
