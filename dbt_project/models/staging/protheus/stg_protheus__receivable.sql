with title as (

    select
        *,
        {{ native_id(['E1_FILORIG', 'E1_NUM', 'E1_PREFIXO', 'E1_CLIENTE', 'E1_LOJA']) }} as numbered_id,
        {{ protheus_title_sign('E1_TIPO') }} as sign,
        {{ protheus_date('E1_EMISSAO') }} as issued_date,
        {{ protheus_date('E1_VENCREA') }} as due_date,
        {{ protheus_decimal('E1_VALOR') }} as amount,
        {{ protheus_decimal('E1_SALDO') }} as open_amount,
        {{ protheus_decimal('E1_VLCRUZ') }} as amount_base
    from {{ source('raw_protheus', 'se1010') }}
    where not _is_deleted and trim(E1_TIPO) <> 'PR'

),

document as (

    select {{ native_id(['F2_FILIAL', 'F2_DOC', 'F2_SERIE', 'F2_CLIENTE', 'F2_LOJA']) }} as numbered_id, '' as suffix
    from {{ source('raw_protheus', 'sf2010') }}
    where not _is_deleted
    union
    select {{ native_id(['D1_FILIAL', 'D1_DOC', 'D1_SERIE', 'D1_FORNECE', 'D1_LOJA']) }}, '#DEV'
    from {{ source('raw_protheus', 'sd1010') }}
    where not _is_deleted and trim(D1_TIPO) = 'D'
    union
    select numbered_id, ''
    from title
    where trim(E1_TIPO) = 'NCC' and trim(E1_ORIGEM) = 'FINA040'

)

select
    {{ native_id(['title.E1_FILIAL', 'title.E1_PREFIXO', 'title.E1_NUM', 'title.E1_PARCELA', 'title.E1_TIPO']) }}
        as receivable_id,
    {{ text('title.E1_FILORIG') }} as company_code,
    document.numbered_id || document.suffix as document_id,
    {{ native_id(['title.E1_CLIENTE', 'title.E1_LOJA']) }} as customer_id,
    title.issued_date,
    title.due_date,
    title.sign * title.amount_base as amount_base,
    title.sign * case
        when title.open_amount = title.amount then title.amount_base
        when title.open_amount = 0 or {{ protheus_currency('title.E1_MOEDA') }} = 'BRL' then title.open_amount
        else {{ at_rate('title.open_amount', 'title.amount_base / nullif(title.amount, 0)') }}
    end as open_amount_base,
    {{ lineage('SE1010', 'title') }},
    {{ first_reject([
        ('title.E1_EMISSAO', 'title.issued_date', 'TYPE', 'issued_date'),
        ('title.E1_VENCREA', 'title.due_date', 'TYPE', 'due_date'),
        ('title.E1_VLCRUZ', 'title.amount_base', 'NUM_FORMAT', 'amount_base'),
        ('title.E1_SALDO', 'title.open_amount', 'NUM_FORMAT', 'open_amount_base'),
    ]) }} as _reject
from title
left join document
    on title.numbered_id = document.numbered_id
    and document.suffix = case when trim(title.E1_ORIGEM) = 'MATA100' then '#DEV' else '' end
