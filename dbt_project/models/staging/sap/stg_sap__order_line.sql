with scaled as (

    {{ sap_currency_scale(source('raw_sap', 'tcurx')) }}

),

company as (

    {{ sap_company(source('raw_sap', 't001'), source('raw_sap', 'tcurx')) }}

),

daily_rate as (

    {{ sap_daily_rate(source('raw_sap', 'tcurr'), source('raw_sap', 'tcurf')) }}

),

-- Of the dates of an item, the first with a confirmed quantity is the promise.
promise as (

    select
        {{ sap_key('VBELN') }} as number,
        {{ sap_key('POSNR') }} as line_id,
        EDATU as native_promised_date,
        WADAT as native_ship_date
    from {{ source('raw_sap', 'vbep') }}
    where not _is_deleted and {{ sap_decimal('BMENG', 'decimal(18, 4)') }} > 0
    qualify
        row_number() over (
            partition by {{ sap_key('VBELN') }}, {{ sap_key('POSNR') }}
            order by {{ parsed_integer('ETENR') }} nulls last, _file_row nulls last
        ) = 1

),

delivered as (

    select
        {{ sap_key('item.VGBEL') }} as number,
        {{ sap_key('item.VGPOS') }} as line_id,
        sum({{ sap_base_quantity(sap_decimal('item.LFIMG', 'decimal(18, 4)'), 'item') }}) as quantity
    from {{ source('raw_sap', 'lips') }} as item
    where not item._is_deleted
    group by {{ sap_key('item.VGBEL') }}, {{ sap_key('item.VGPOS') }}

),

header as (

    select
        *,
        {{ sap_key('VBELN') }} as number,
        coalesce({{ sap_date('AUDAT') }}, {{ sap_date('ERDAT') }}) as ordered_date
    from {{ source('raw_sap', 'vbak') }}

),

line as (

    select
        item.*,
        header.number,
        header.KUNNR,
        header.AUDAT,
        header.VDATU,
        header.ordered_date,
        {{ text('header.BUKRS_VF') }} as company_code,
        trim(header.WAERK) as currency,
        coalesce(company.currency, '{{ var("company").reporting_currency }}') as base_currency,
        {{ sap_decimal('item.KWMENG', 'decimal(18, 4)') }} as sold_quantity,
        cast({{ sap_decimal('item.NETWR') }} * coalesce(scaled.scale, 1) as decimal(18, 4)) as amount
    from {{ source('raw_sap', 'vbap') }} as item
    left join header on {{ sap_key('item.VBELN') }} = header.number
    left join scaled on trim(header.WAERK) = scaled.currency
    left join company on {{ text('header.BUKRS_VF') }} = company.code
    where
        not item._is_deleted
        and not coalesce(header._is_deleted, false)
        and coalesce(trim(header.VBTYP), 'C') in ('C', 'I')

),

rated as (

    select
        line.*,
        {{ sap_base_quantity('line.sold_quantity', 'line') }} as quantity,
        case when line.currency = line.base_currency then 1 else daily_rate.rate end as rate
    from line
    asof left join daily_rate
        on line.currency = daily_rate.from_currency
        and line.base_currency = daily_rate.to_currency
        and line.ordered_date >= daily_rate.rate_date

)

select
    {{ sap_id('rated.VBELN') }} as order_id,
    {{ sap_key('rated.POSNR') }} as order_line_id,
    {{ sap_id('rated.KUNNR') }} as customer_id,
    {{ sap_id('rated.MATNR') }} as product_id,
    rated.ordered_date,
    {{ sap_date('rated.VDATU') }} as first_requested_date,
    {{ sap_date('promise.native_promised_date') }} as promised_date,
    rated.quantity,
    {{ at_rate('rated.amount', 'rated.rate') }} as net_amount_base,
    rated.company_code,
    case
        when {{ text('rated.ABGRU') }} is not null
            then greatest(0, rated.quantity - coalesce(delivered.quantity, 0))
        else 0
    end as cancelled_quantity,
    cast(null as varchar) as cancelled_by,
    cast(null as timestamp) as credit_hold_from_at,
    cast(null as timestamp) as credit_hold_to_at,
    {{ sap_date('promise.native_ship_date') }} as planned_ship_date,
    {{ lineage('VBAP', 'rated') }},
    {{ first_reject([
        (sap_dated('rated.AUDAT'), 'rated.ordered_date', 'TYPE', 'ordered_date'),
        (sap_dated('rated.VDATU'), 'first_requested_date', 'TYPE', 'first_requested_date'),
        (sap_dated('promise.native_promised_date'), 'promised_date', 'TYPE', 'promised_date'),
        (sap_dated('promise.native_ship_date'), 'planned_ship_date', 'TYPE', 'planned_ship_date'),
        ('rated.KWMENG', 'rated.sold_quantity', 'NUM_FORMAT', 'quantity'),
        ('rated.NETWR', 'rated.amount', 'NUM_FORMAT', 'net_amount_base'),
    ]) }} as _reject
from rated
left join promise on rated.number = promise.number and {{ sap_key('rated.POSNR') }} = promise.line_id
left join delivered on rated.number = delivered.number and {{ sap_key('rated.POSNR') }} = delivered.line_id
