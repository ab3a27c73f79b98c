select
    {{ native_id(['Z1_FILIAL', 'Z1_NUM']) }} as cost_id,
    {{ text('Z1_FILIAL') }} as company_code,
    case trim(Z1_TIPO)
        when 'FRETE' then 'freight'
        when 'URGENTE' then 'expedite'
        when 'VERBA' then 'rebate'
        when 'BONUS' then 'bonus'
        when 'COOP' then 'co_op'
        when 'DEVOLUCAO' then 'return_handling'
    end as cost_type,
    {{ native_id(['Z1_CLIENTE', 'Z1_LOJA'], filled='Z1_CLIENTE') }} as customer_id,
    {{ native_id(['Z1_FILIAL', 'Z1_DOC', 'Z1_SERIE', 'Z1_CLIENTE', 'Z1_LOJA'], filled='Z1_DOC') }} as document_id,
    {{ native_id('Z1_PROD') }} as product_id,
    {{ any_id('Z1_PROMO') }} as promotion_id,
    {{ protheus_date('Z1_DATA') }} as posting_date,
    {{ protheus_decimal('Z1_VALOR') }} as amount_base,
    {{ lineage('SZ1010') }},
    coalesce(
        {{ first_reject([
            ('Z1_DATA', 'posting_date', 'TYPE', 'posting_date'),
            ('Z1_VALOR', 'amount_base', 'NUM_FORMAT', 'amount_base'),
        ]) }},
        case
            when customer_id is null and cost_type <> 'freight' then 'MISSING:customer_id'
            when amount_base is null and cost_type <> 'expedite' then 'MISSING:amount_base'
        end
    ) as _reject
from {{ source('raw_protheus', 'sz1010') }}
where not _is_deleted
