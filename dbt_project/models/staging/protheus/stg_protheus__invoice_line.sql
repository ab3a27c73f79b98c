with document as (

    select
        {{ native_id(['F2_FILIAL', 'F2_DOC', 'F2_SERIE', 'F2_CLIENTE', 'F2_LOJA']) }} as document_id,
        {{ text('F2_TIPO') }} as kind,
        {{ native_id('F2_VEND1') }} as sales_rep_id,
        {{ protheus_currency('F2_MOEDA') }} as currency,
        F2_TXMOEDA as native_rate,
        case
            when {{ protheus_currency('F2_MOEDA') }} = 'BRL' then 1
            else {{ protheus_decimal('F2_TXMOEDA', 'decimal(18, 6)') }}
        end as rate,
        _is_deleted
    from {{ source('raw_protheus', 'sf2010') }}

),

cancellation as (

    select
        {{ native_id(['F3_FILIAL', 'F3_NFISCAL', 'F3_SERIE', 'F3_CLIEFOR', 'F3_LOJA']) }} as document_id,
        F3_DTCANC as native_date,
        {{ protheus_date('F3_DTCANC') }} as cancelled_date
    from {{ source('raw_protheus', 'sf3010') }}
    where not _is_deleted and {{ text('F3_DTCANC') }} is not null

),

operation as (

    select
        trim(F4_CODIGO) as code,
        bool_or(trim(F4_DUPLIC) = 'S') as is_revenue,
        bool_or(trim(F4_ESTOQUE) = 'S') as moves_stock
    from {{ source('raw_protheus', 'sf4010') }}
    group by all

),

item as (

    select
        *,
        {{ native_id(['D2_FILIAL', 'D2_DOC', 'D2_SERIE', 'D2_CLIENTE', 'D2_LOJA']) }} as document_id,
        {{ protheus_date('D2_EMISSAO') }} as issued_date,
        {{ protheus_decimal('D2_QUANT', 'decimal(18, 4)') }} as quantity,
        {{ protheus_decimal('D2_TOTAL') }} as total
    from {{ source('raw_protheus', 'sd2010') }}

),

sold as (

    select
        item.document_id,
        trim(item.D2_ITEM) as line_id,
        trim(item.D2_FILIAL) as company_code,
        'SD2:' || coalesce(document.kind, {{ text('item.D2_TIPO') }}) as native_type,
        item.issued_date as posting_date,
        {{ native_id(['item.D2_CLIENTE', 'item.D2_LOJA']) }} as customer_id,
        {{ native_id('item.D2_COD') }} as product_id,
        {{ native_id(['item.D2_FILIAL', 'item.D2_PEDIDO'], filled='item.D2_PEDIDO') }} as order_id,
        {{ text('item.D2_ITEMPV') }} as order_line_id,
        item.quantity,
        {{ protheus_decimal('item.D2_PRUNIT', 'decimal(18, 6)') }} as list_unit_price,
        {{ protheus_decimal('item.D2_DESCON') }} as discount_amount,
        item.total as net_amount,
        coalesce(document.currency, 'BRL') as currency,
        {{ at_rate('item.total', 'coalesce(document.rate, 1)') }} as net_amount_base,
        {{ at_rate(
            'coalesce(' ~ protheus_decimal('item.D2_VALIPI') ~ ', 0) + coalesce('
            ~ protheus_decimal('item.D2_ICMSRET') ~ ', 0)', 'coalesce(document.rate, 1)'
        ) }} as tax_amount_base,
        {{ text('item.D2_CONTA') }} as gl_account,
        {{ native_id(
            ['item.D2_FILIAL', 'item.D2_NFORI', 'item.D2_SERIORI', 'item.D2_CLIENTE', 'item.D2_LOJA'],
            filled='item.D2_NFORI'
        ) }} as origin_document_id,
        {{ text('item.D2_ITEMORI') }} as origin_line_id,
        {{ text('item.D2_XMOTIV') }} as reason,
        document.sales_rep_id,
        cancellation.native_date as native_cancelled_date,
        cancellation.cancelled_date,
        {{ lineage('SD2010', 'item') }},
        case when operation.code is null then 'UNKNOWN_TYPE:document_type' else
            {{ first_reject([
                ('item.D2_EMISSAO', 'item.issued_date', 'TYPE', 'posting_date'),
                ('item.D2_QUANT', 'item.quantity', 'NUM_FORMAT', 'quantity'),
                ('item.D2_TOTAL', 'item.total', 'NUM_FORMAT', 'net_amount'),
                ('document.native_rate', 'document.rate', 'NUM_FORMAT', 'net_amount_base'),
            ]) }}
        end as _reject
    from item
    left join document on item.document_id = document.document_id
    left join cancellation on item.document_id = cancellation.document_id
    left join operation on trim(item.D2_TES) = operation.code
    where
        coalesce(document.kind, trim(item.D2_TIPO)) not in ('D', 'B')
        and coalesce(operation.is_revenue, true)
        and (
            cancellation.document_id is not null
            or not (item._is_deleted or coalesce(document._is_deleted, false))
        )

),

undone as (

    select
        * replace (
            document_id || '#CANC' as document_id,
            'SF3:CANC' as native_type,
            cancelled_date as posting_date,
            -quantity as quantity,
            -discount_amount as discount_amount,
            -net_amount as net_amount,
            -net_amount_base as net_amount_base,
            -tax_amount_base as tax_amount_base,
            coalesce(_reject, case when cancelled_date is null then 'TYPE:posting_date' end) as _reject
        ),
        document_id as cancels_document_id,
        line_id as cancels_line_id
    from sold
    where native_cancelled_date is not null

),

return_item as (

    select
        *,
        {{ protheus_date('D1_DTDIGIT') }} as posting_date,
        {{ protheus_decimal('D1_QUANT', 'decimal(18, 4)') }} as quantity,
        {{ protheus_decimal('D1_TOTAL') }} as total,
        {{ protheus_decimal('D1_VALDESC') }} as discount,
        {{ native_id(
            ['D1_FILIAL', 'D1_NFORI', 'D1_SERIORI', 'D1_FORNECE', 'D1_LOJA'], filled='D1_NFORI'
        ) }} as origin_document_id
    from {{ source('raw_protheus', 'sd1010') }}
    where not _is_deleted and trim(D1_TIPO) = 'D'

),

returned as (

    select
        {{ native_id(
            ['item.D1_FILIAL', 'item.D1_DOC', 'item.D1_SERIE', 'item.D1_FORNECE', 'item.D1_LOJA']
        ) }} || '#DEV' as document_id,
        trim(item.D1_ITEM) as line_id,
        trim(item.D1_FILIAL) as company_code,
        'SD1:D' as native_type,
        item.posting_date,
        {{ native_id(['item.D1_FORNECE', 'item.D1_LOJA']) }} as customer_id,
        {{ native_id('item.D1_COD') }} as product_id,
        -item.quantity as quantity,
        -item.discount as discount_amount,
        -(item.total - coalesce(item.discount, 0)) as net_amount,
        'BRL' as currency,
        -(item.total - coalesce(item.discount, 0)) as net_amount_base,
        {{ text('item.D1_CONTA') }} as gl_account,
        item.origin_document_id,
        {{ text('item.D1_ITEMORI') }} as origin_line_id,
        coalesce(operation.moves_stock, false) as is_restocked,
        {{ text('item.D1_XMOTIV') }} as reason,
        document.sales_rep_id,
        {{ lineage('SD1010', 'item') }},
        {{ first_reject([
            ('item.D1_DTDIGIT', 'item.posting_date', 'TYPE', 'posting_date'),
            ('item.D1_QUANT', 'item.quantity', 'NUM_FORMAT', 'quantity'),
            ('item.D1_TOTAL', 'item.total', 'NUM_FORMAT', 'net_amount'),
            ('item.D1_VALDESC', 'item.discount', 'NUM_FORMAT', 'discount_amount'),
        ]) }} as _reject
    from return_item as item
    left join document on item.origin_document_id = document.document_id
    left join operation on trim(item.D1_TES) = operation.code

),

credited as (

    select
        {{ native_id(['E1_FILORIG', 'E1_NUM', 'E1_PREFIXO', 'E1_CLIENTE', 'E1_LOJA']) }} as document_id,
        coalesce({{ text('E1_PARCELA') }}, '1') as line_id,
        trim(E1_FILORIG) as company_code,
        'SE1:NCC:' || {{ text('E1_NATUREZ') }} as native_type,
        {{ protheus_date('E1_EMISSAO') }} as posting_date,
        {{ native_id(['E1_CLIENTE', 'E1_LOJA']) }} as customer_id,
        {{ native_id('E1_XPROD') }} as product_id,
        -{{ protheus_decimal('E1_VALOR') }} as net_amount,
        {{ protheus_currency('E1_MOEDA') }} as currency,
        -{{ protheus_decimal('E1_VLCRUZ') }} as net_amount_base,
        {{ text('E1_XCONTA') }} as gl_account,
        {{ text('E1_XMOTIV') }} as reason,
        {{ lineage('SE1010') }},
        {{ first_reject([
            ('E1_EMISSAO', 'posting_date', 'TYPE', 'posting_date'),
            ('E1_VALOR', 'net_amount', 'NUM_FORMAT', 'net_amount'),
            ('E1_VLCRUZ', 'net_amount_base', 'NUM_FORMAT', 'net_amount_base'),
        ]) }} as _reject
    from {{ source('raw_protheus', 'se1010') }}
    where not _is_deleted and trim(E1_TIPO) = 'NCC' and trim(E1_ORIGEM) = 'FINA040'

),

line as (

    select * from sold
    union all by name
    select * from undone
    union all by name
    select * from returned
    union all by name
    select * from credited

),

mapped as (

    select
        line.*,
        document_type_map.document_type
    from line
    left join {{ source('config', 'document_type_map') }} as document_type_map
        on line.native_type = document_type_map.native_type
        and document_type_map.source_system = '{{ source_system() }}'

)

select
    document_id,
    line_id,
    company_code,
    document_type,
    posting_date,
    customer_id,
    product_id,
    order_id,
    order_line_id,
    quantity,
    list_unit_price,
    discount_amount,
    net_amount,
    currency,
    net_amount_base,
    tax_amount_base,
    gl_account,
    origin_document_id,
    origin_line_id,
    cancels_document_id,
    cancels_line_id,
    is_restocked,
    reason,
    sales_rep_id,
    _extract_name,
    _delivery_id,
    _file_row,
    _extract_date,
    case
        when _reject is not null then _reject
        when document_type is null then 'UNKNOWN_TYPE:document_type'
        when document_type in ('INVOICE', 'INTERCOMPANY') and quantity < 0 then 'SIGN:quantity'
        when document_type in ('INVOICE', 'INTERCOMPANY') and net_amount < 0 then 'SIGN:net_amount'
        when document_type = 'CANCELLATION' and quantity > 0 then 'SIGN:quantity'
        when document_type = 'CANCELLATION' and net_amount > 0 then 'SIGN:net_amount'
    end as _reject
from mapped
