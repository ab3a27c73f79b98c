with scaled as (

    {{ sap_currency_scale(source('raw_sap', 'tcurx')) }}

),

company as (

    {{ sap_company(source('raw_sap', 't001'), source('raw_sap', 'tcurx')) }}

),

ratio as (

    {{ sap_ratio(source('raw_sap', 'tcurf')) }}

),

-- The account to which the price of an item was posted: of several conditions, the one with most money.
account as (

    select
        {{ sap_key('KNUMV') }} as condition_number,
        {{ sap_key('KPOSN') }} as line_id,
        arg_max({{ sap_key('SAKN1') }}, (abs({{ sap_decimal('KWERT') }}), -_file_row)) as gl_account
    from {{ source('raw_sap', 'konv') }}
    where not _is_deleted and trim(KVSL1) = 'ERL' and {{ text('KINAK') }} is null
    group by {{ sap_key('KNUMV') }}, {{ sap_key('KPOSN') }}

),

order_item as (

    select
        {{ sap_key('VBELN') }} as number,
        {{ sap_key('POSNR') }} as line_id,
        max(VGBEL) as VGBEL,
        max(VGPOS) as VGPOS
    from {{ source('raw_sap', 'vbap') }}
    where not _is_deleted and trim(VGTYP) = 'M'
    group by {{ sap_key('VBELN') }}, {{ sap_key('POSNR') }}

),

header as (

    select
        *,
        {{ sap_key('VBELN') }} as number,
        {{ text('BUKRS') }} as company_code,
        trim(VBTYP) || ':' || trim(FKART) as native_type,
        case when trim(VBTYP) in ('N', 'O', '6') then -1 else 1 end as sign,
        {{ sap_date('FKDAT') }} as posting_date,
        trim(WAERK) as currency,
        {{ sap_decimal('KURRF', 'decimal(18, 5)') }} as quote
    from {{ source('raw_sap', 'vbrk') }}

),

-- Left out: pro forma (U), invoice lists (3, 4), and what accounting has not taken over (RFBSK A, B, D, F).
item as (

    select
        line.*,
        header.number,
        header.company_code,
        header.native_type,
        header.sign,
        header.posting_date,
        header.currency,
        header.quote,
        header.FKDAT,
        header.KURRF,
        header.KUNAG,
        header.KNUMV,
        header.SFAKN,
        {{ sap_decimal('line.FKIMG', 'decimal(18, 4)') }} as sold_quantity,
        cast({{ sap_decimal('line.NETWR') }} * coalesce(scaled.scale, 1) as decimal(18, 4)) as amount,
        cast({{ sap_decimal('line.MWSBP') }} * coalesce(scaled.scale, 1) as decimal(18, 4)) as tax_amount,
        coalesce(company.currency, '{{ var("company").reporting_currency }}') as base_currency
    from {{ source('raw_sap', 'vbrp') }} as line
    left join header on {{ sap_key('line.VBELN') }} = header.number
    left join scaled on header.currency = scaled.currency
    left join company on header.company_code = company.code
    where
        not line._is_deleted
        and not coalesce(header._is_deleted, false)
        and coalesce(trim(header.VBTYP), '') not in ('U', '3', '4')
        and coalesce(trim(header.RFBSK), '') not in ('A', 'B', 'D', 'F')

),

rated as (

    select
        item.*,
        case when item.currency = item.base_currency then 1 else {{ sap_rate('item.quote', 'ratio.ratio') }} end
            as rate
    from item
    asof left join ratio
        on item.currency = ratio.from_currency
        and item.base_currency = ratio.to_currency
        and item.posting_date >= ratio.valid_from

)

select
    {{ sap_id('rated.VBELN') }} as document_id,
    {{ sap_key('rated.POSNR') }} as line_id,
    rated.company_code,
    document_type_map.document_type,
    rated.posting_date,
    {{ sap_id('rated.KUNAG') }} as customer_id,
    {{ sap_id('rated.MATNR') }} as product_id,
    {{ sap_id('rated.AUBEL') }} as order_id,
    {{ sap_key('rated.AUPOS') }} as order_line_id,
    rated.sign * {{ sap_base_quantity('rated.sold_quantity', 'rated') }} as quantity,
    cast(null as decimal(18, 6)) as list_unit_price,
    cast(null as decimal(18, 2)) as discount_amount,
    cast(rated.sign * rated.amount as decimal(18, 2)) as net_amount,
    rated.currency,
    {{ at_rate('rated.sign * rated.amount', 'rated.rate') }} as net_amount_base,
    {{ at_rate('rated.sign * rated.tax_amount', 'rated.rate') }} as tax_amount_base,
    account.gl_account,
    case
        when {{ sap_key('rated.SFAKN') }} is not null then null
        when trim(rated.VGTYP) = 'M' then {{ sap_id('rated.VGBEL') }}
        else {{ sap_id('order_item.VGBEL') }}
    end as origin_document_id,
    case
        when {{ sap_key('rated.SFAKN') }} is not null then null
        when trim(rated.VGTYP) = 'M' then {{ sap_key('rated.VGPOS') }}
        else {{ sap_key('order_item.VGPOS') }}
    end as origin_line_id,
    {{ sap_id('rated.SFAKN') }} as cancels_document_id,
    case when {{ sap_key('rated.SFAKN') }} is not null then {{ sap_key('rated.POSNR') }} end as cancels_line_id,
    cast(null as boolean) as is_restocked,
    {{ text('rated.AUGRU_AUFT') }} as reason,
    {{ native_id('rated.VKGRP') }} as sales_rep_id,
    {{ lineage('VBRP', 'rated') }},
    case
        when rated.number is null then 'MISSING:company_code'
        when document_type_map.document_type is null then 'UNKNOWN_TYPE:document_type'
        when document_type_map.document_type = 'CANCELLATION' and {{ sap_key('rated.SFAKN') }} is null
            then 'MISSING:cancels_document_id'
        else
            {{ first_reject([
                (sap_dated('rated.FKDAT'), 'rated.posting_date', 'TYPE', 'posting_date'),
                ('rated.FKIMG', 'rated.sold_quantity', 'NUM_FORMAT', 'quantity'),
                ('rated.NETWR', 'rated.amount', 'NUM_FORMAT', 'net_amount'),
                ('rated.MWSBP', 'rated.tax_amount', 'NUM_FORMAT', 'tax_amount_base'),
                ('rated.KURRF', 'rated.rate', 'NUM_FORMAT', 'net_amount_base'),
            ]) }}
    end as _reject
from rated
left join account
    on {{ sap_key('rated.KNUMV') }} = account.condition_number
    and {{ sap_key('rated.POSNR') }} = account.line_id
left join order_item
    on {{ sap_key('rated.AUBEL') }} = order_item.number
    and {{ sap_key('rated.AUPOS') }} = order_item.line_id
left join {{ source('config', 'document_type_map') }} as document_type_map
    on rated.native_type = document_type_map.native_type
    and document_type_map.source_system = '{{ source_system() }}'
