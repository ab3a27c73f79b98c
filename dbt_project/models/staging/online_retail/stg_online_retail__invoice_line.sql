with line as (

    select
        *,
        upper(trim(StockCode)) as code,
        upper(left(trim(InvoiceNo), 1)) as letter,
        {{ parsed_decimal('Quantity', type='decimal(18, 4)') }} as pieces,
        {{ parsed_decimal('UnitPrice', type='decimal(18, 6)') }} as price,
        cast(try_strptime(trim(InvoiceDate), '%Y-%m-%d %H:%M:%S') as date) as posting_date
    from {{ source('raw_online_retail', 'online_retail') }}
    where not _is_deleted

),

typed as (

    select
        *,
        case
            when letter = 'C' and {{ online_retail_is_product('code') }} then 'C:GOODS'
            when letter = 'C' then 'C:OTHER'
            when letter = 'A' and pieces * price < 0 then 'A:CREDIT'
            when letter = 'A' then 'A:DEBIT'
            when letter between '0' and '9' then 'INVOICE'
        end as native_type
    from line

)

select
    {{ native_id('typed.InvoiceNo') }} as document_id,
    cast(typed._file_row as varchar) as line_id,
    'UK' as company_code,
    document_type_map.document_type,
    typed.posting_date,
    coalesce({{ native_id("split_part(typed.CustomerID, '.', 1)") }}, '{{ source_system() }}:NO_CUSTOMER')
        as customer_id,
    {{ native_id('typed.code') }} as product_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as order_line_id,
    typed.pieces as quantity,
    cast(null as decimal(18, 6)) as list_unit_price,
    cast(null as decimal(18, 2)) as discount_amount,
    cast(round(typed.pieces * typed.price, 2) as decimal(18, 2)) as net_amount,
    'GBP' as currency,
    cast(round(typed.pieces * typed.price, 2) as decimal(18, 2)) as net_amount_base,
    cast(null as decimal(18, 2)) as tax_amount_base,
    cast(null as varchar) as gl_account,
    cast(null as varchar) as origin_document_id,
    cast(null as varchar) as origin_line_id,
    cast(null as varchar) as cancels_document_id,
    cast(null as varchar) as cancels_line_id,
    cast(null as boolean) as is_restocked,
    cast(null as varchar) as reason,
    cast(null as varchar) as sales_rep_id,
    {{ lineage('online_retail', 'typed') }},
    coalesce(
        {{ first_reject([
            ('typed.InvoiceDate', 'typed.posting_date', 'TYPE', 'posting_date'),
            ('typed.Quantity', 'typed.pieces', 'NUM_FORMAT', 'quantity'),
            ('typed.UnitPrice', 'typed.price', 'NUM_FORMAT', 'net_amount'),
        ]) }},
        case
            when document_type_map.document_type is null then 'UNKNOWN_TYPE:document_type'
            when document_type_map.document_type = 'INVOICE' and typed.pieces < 0 then 'SIGN:quantity'
            when document_type_map.document_type = 'INVOICE' and typed.price < 0 then 'SIGN:net_amount'
        end
    ) as _reject
from typed
left join {{ source('config', 'document_type_map') }} as document_type_map
    on typed.native_type = document_type_map.native_type
    and document_type_map.source_system = '{{ source_system() }}'
