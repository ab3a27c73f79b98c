with company as (

    {{ sap_company(source('raw_sap', 't001'), source('raw_sap', 'tcurx')) }}

),

item as (

    {{ sap_customer_item(source('raw_sap', 'bsid'), source('raw_sap', 'bsad'), 'company') }}

),

partial_payment as (

    select invoice_item_id, sum(amount_base) as amount_base
    from item
    where is_partial_payment
    group by invoice_item_id

),

due as (

    select
        *,
        coalesce({{ sap_date('ZFBDT') }}, {{ sap_date('BLDAT') }}, posting_date)
        + cast(case
            -- A credit that names no invoice is due at once, whatever its terms say.
            when trim(SHKZG) = 'H' and {{ sap_key('REBZG') }} is null then 0
            else coalesce(
                nullif({{ parsed_integer('ZBD3T') }}, 0),
                nullif({{ parsed_integer('ZBD2T') }}, 0),
                {{ parsed_integer('ZBD1T') }},
                0
            )
        end as integer) as due_date
    from item

)

select
    due.item_id as receivable_id,
    {{ text('due.BUKRS') }} as company_code,
    {{ sap_id('due.VBELN') }} as document_id,
    {{ sap_id('due.KUNNR') }} as customer_id,
    due.posting_date as issued_date,
    due.due_date,
    due.amount_base,
    case when due.is_cleared then 0 else due.amount_base + coalesce(partial_payment.amount_base, 0) end
        as open_amount_base,
    due._extract_name,
    due._delivery_id,
    due._file_row,
    due._extract_date,
    coalesce(
        {{ first_reject([
            (sap_dated('due.BUDAT'), 'due.posting_date', 'TYPE', 'issued_date'),
            (sap_dated('due.ZFBDT'), sap_date('due.ZFBDT'), 'TYPE', 'due_date'),
            ('due.DMBTR', sap_decimal('due.DMBTR'), 'NUM_FORMAT', 'amount_base'),
        ]) }},
        case when coalesce(trim(due.SHKZG), '') not in ('S', 'H') then 'SIGN:amount_base' end
    ) as _reject
from due
left join partial_payment on due.item_id = partial_payment.invoice_item_id
where {{ sap_is_receivable('due') }}
