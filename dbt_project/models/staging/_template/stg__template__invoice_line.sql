with line as (

    select
        *,
        {{ parsed_date('issued_on', '%d/%m/%Y') }} as issued_date,
        {{ parsed_decimal('pieces', decimal=',', thousands='.', type='decimal(18, 4)') }} as pieces_read,
        {{ parsed_decimal('amount', decimal=',', thousands='.') }} as amount_read,
        {{ text('kind') }} as native_type
    from {{ source('raw__template', 'invoices') }}
    where not _is_deleted

),

-- Credits and returns are negative here, whatever the system writes.
signed as (

    select
        *,
        case when native_type = 'CREDIT' then -1 else 1 end as sign
    from line

)

select
    {{ native_id('signed.invoice_number') }} as document_id,
    {{ text('signed.line_number') }} as line_id,
    '01' as company_code,
    document_type_map.document_type,
    signed.issued_date as posting_date,
    {{ native_id('signed.customer_number') }} as customer_id,
    {{ native_id('signed.product_code') }} as product_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as order_line_id,
    signed.sign * signed.pieces_read as quantity,
    cast(null as decimal(18, 6)) as list_unit_price,
    cast(null as decimal(18, 2)) as discount_amount,
    signed.sign * signed.amount_read as net_amount,
    '{{ var("company").reporting_currency }}' as currency,
    signed.sign * signed.amount_read as net_amount_base,
    cast(null as decimal(18, 2)) as tax_amount_base,
    cast(null as varchar) as gl_account,
    cast(null as varchar) as origin_document_id,
    cast(null as varchar) as origin_line_id,
    cast(null as varchar) as cancels_document_id,
    cast(null as varchar) as cancels_line_id,
    cast(null as boolean) as is_restocked,
    cast(null as varchar) as reason,
    cast(null as varchar) as sales_rep_id,
    {{ lineage('invoices', 'signed') }},
    case when document_type_map.document_type is null then 'UNKNOWN_TYPE:document_type' else
        {{ first_reject([
            ('signed.issued_on', 'signed.issued_date', 'TYPE', 'posting_date'),
            ('signed.pieces', 'signed.pieces_read', 'NUM_FORMAT', 'quantity'),
            ('signed.amount', 'signed.amount_read', 'NUM_FORMAT', 'net_amount'),
        ]) }}
    end as _reject
from signed
left join {{ source('config', 'document_type_map') }} as document_type_map
    on signed.native_type = document_type_map.native_type
    and document_type_map.source_system = '{{ source_system() }}'
