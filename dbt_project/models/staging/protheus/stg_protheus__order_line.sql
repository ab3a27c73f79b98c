with header as (

    select
        *,
        {{ native_id(['C5_FILIAL', 'C5_NUM']) }} as order_id,
        {{ protheus_date('C5_EMISSAO') }} as ordered_date,
        {{ protheus_currency('C5_MOEDA') }} as currency,
        try_strptime({{ text('C5_XBLINI') }}, '%Y%m%d%H%M%S') as hold_from,
        try_strptime({{ text('C5_XBLFIM') }}, '%Y%m%d%H%M%S') as hold_to
    from {{ source('raw_protheus', 'sc5010') }}

),

rate as (

    select
        {{ protheus_date('M2_DATA') }} as rate_date,
        {{ protheus_decimal('M2_MOEDA2', 'decimal(18, 6)') }} as rate
    from {{ source('raw_protheus', 'sm2010') }}
    where not _is_deleted

),

line as (

    select
        *,
        {{ native_id(['C6_FILIAL', 'C6_NUM']) }} as order_id,
        {{ protheus_decimal('C6_QTDVEN', 'decimal(18, 4)') }} as quantity,
        {{ protheus_decimal('C6_QTDENT', 'decimal(18, 4)') }} as sent_quantity,
        {{ protheus_decimal('C6_VALOR') }} as amount
    from {{ source('raw_protheus', 'sc6010') }}
    where not _is_deleted

),

headed as (

    select
        line.*,
        header.* exclude (order_id, _delivery_id, _file_row, _extract_date, _received_at, _is_deleted)
    from line
    left join header on line.order_id = header.order_id
    where
        not coalesce(header._is_deleted, false)
        and coalesce(trim(header.C5_TIPO), 'N') not in ('D', 'B')

)

select
    headed.order_id,
    trim(headed.C6_ITEM) as order_line_id,
    {{ native_id(['headed.C5_CLIENTE', 'headed.C5_LOJACLI']) }} as customer_id,
    {{ native_id('headed.C6_PRODUTO') }} as product_id,
    headed.ordered_date,
    {{ protheus_date('headed.C5_SUGENT') }} as first_requested_date,
    {{ protheus_date('headed.C6_ENTREG') }} as promised_date,
    headed.quantity,
    {{ at_rate('headed.amount', "case when headed.currency = 'BRL' then 1 else rate.rate end") }} as net_amount_base,
    {{ text('headed.C6_FILIAL') }} as company_code,
    case
        when trim(headed.C6_BLQ) = 'R' then greatest(0, headed.quantity - coalesce(headed.sent_quantity, 0))
        else 0
    end as cancelled_quantity,
    case trim(headed.C6_XCANCL) when 'C' then 'client' when 'E' then 'company' end as cancelled_by,
    {{ local_to_utc('headed.hold_from') }} as credit_hold_from_at,
    {{ local_to_utc('headed.hold_to') }} as credit_hold_to_at,
    {{ protheus_date('headed.C6_XDTEMB') }} as planned_ship_date,
    {{ lineage('SC6010', 'headed') }},
    {{ first_reject([
        ('headed.C5_EMISSAO', 'headed.ordered_date', 'TYPE', 'ordered_date'),
        ('headed.C5_SUGENT', 'first_requested_date', 'TYPE', 'first_requested_date'),
        ('headed.C6_ENTREG', 'promised_date', 'TYPE', 'promised_date'),
        ('headed.C6_QTDVEN', 'headed.quantity', 'NUM_FORMAT', 'quantity'),
        ('headed.C6_QTDENT', 'headed.sent_quantity', 'NUM_FORMAT', 'cancelled_quantity'),
        ('headed.C6_VALOR', 'headed.amount', 'NUM_FORMAT', 'net_amount_base'),
        ('headed.C5_XBLINI', 'headed.hold_from', 'TYPE', 'credit_hold_from_at'),
        ('headed.C5_XBLFIM', 'headed.hold_to', 'TYPE', 'credit_hold_to_at'),
        ('headed.C6_XDTEMB', 'planned_ship_date', 'TYPE', 'planned_ship_date'),
    ]) }} as _reject
from headed
asof left join rate on headed.ordered_date >= rate.rate_date
