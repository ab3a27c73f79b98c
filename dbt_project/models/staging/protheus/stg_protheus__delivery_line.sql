with document as (

    select
        *,
        {{ native_id(['F2_FILIAL', 'F2_DOC', 'F2_SERIE', 'F2_CLIENTE', 'F2_LOJA']) }} as document_id
    from {{ source('raw_protheus', 'sf2010') }}
    where not _is_deleted and trim(F2_TIPO) = 'N'

),

item as (

    select
        *,
        {{ native_id(['D2_FILIAL', 'D2_DOC', 'D2_SERIE', 'D2_CLIENTE', 'D2_LOJA']) }} as document_id
    from {{ source('raw_protheus', 'sd2010') }}
    where not _is_deleted and {{ text('D2_PEDIDO') }} is not null

)

select
    item.document_id as delivery_id,
    trim(item.D2_ITEM) as delivery_line_id,
    {{ text('item.D2_FILIAL') }} as company_code,
    {{ native_id(['item.D2_FILIAL', 'item.D2_PEDIDO']) }} as order_id,
    {{ text('item.D2_ITEMPV') }} as order_line_id,
    {{ protheus_date('item.D2_XDTSEP') }} as ready_date,
    {{ protheus_date('document.F2_EMISSAO') }} as shipped_date,
    {{ protheus_date('document.F2_DTENTR') }} as delivered_date,
    {{ protheus_decimal('item.D2_QUANT', 'decimal(18, 4)') }} as quantity,
    {{ lineage('SD2010', 'item') }},
    {{ first_reject([
        ('item.D2_XDTSEP', 'ready_date', 'TYPE', 'ready_date'),
        ('document.F2_EMISSAO', 'shipped_date', 'TYPE', 'shipped_date'),
        ('document.F2_DTENTR', 'delivered_date', 'TYPE', 'delivered_date'),
        ('item.D2_QUANT', 'quantity', 'NUM_FORMAT', 'quantity'),
    ]) }} as _reject
from item
inner join document on item.document_id = document.document_id
