with header as (

    select *, {{ sap_key('VBELN') }} as number
    from {{ source('raw_sap', 'likp') }}

),

order_company as (

    select
        {{ sap_key('VBELN') }} as number,
        max({{ text('BUKRS_VF') }}) as company_code
    from {{ source('raw_sap', 'vbak') }}
    where not _is_deleted
    group by {{ sap_key('VBELN') }}

),

item as (

    select
        *,
        {{ sap_decimal('LFIMG', 'decimal(18, 4)') }} as sent_quantity
    from {{ source('raw_sap', 'lips') }}
    where
        not _is_deleted
        and {{ sap_key('VGBEL') }} is not null
        and coalesce({{ text('VGTYP') }}, 'C') in ('C', 'I')

)

select
    {{ sap_id('item.VBELN') }} as delivery_id,
    {{ sap_key('item.POSNR') }} as delivery_line_id,
    order_company.company_code,
    {{ sap_id('item.VGBEL') }} as order_id,
    {{ sap_key('item.VGPOS') }} as order_line_id,
    cast(null as date) as ready_date,
    {{ sap_date('header.WADAT_IST') }} as shipped_date,
    {{ sap_date('header.PODAT') }} as delivered_date,
    {{ sap_base_quantity('item.sent_quantity', 'item') }} as quantity,
    {{ lineage('LIPS', 'item') }},
    {{ first_reject([
        (sap_dated('header.WADAT_IST'), 'shipped_date', 'TYPE', 'shipped_date'),
        (sap_dated('header.PODAT'), 'delivered_date', 'TYPE', 'delivered_date'),
        ('item.LFIMG', 'item.sent_quantity', 'NUM_FORMAT', 'quantity'),
    ]) }} as _reject
from item
left join header on {{ sap_key('item.VBELN') }} = header.number
left join order_company on {{ sap_key('item.VGBEL') }} = order_company.number
where not coalesce(header._is_deleted, false) and coalesce(trim(header.VBTYP), 'J') = 'J'
