with company as (

    {{ sap_company(source('raw_sap', 't001'), source('raw_sap', 'tcurx')) }}

),

item as (

    {{ sap_customer_item(source('raw_sap', 'bsid'), source('raw_sap', 'bsad'), 'company') }}

),

partly_paid as (

    select
        item_id as receipt_id,
        invoice_item_id as receivable_id,
        posting_date as paid_date,
        -amount_base as amount_base,
        BUDAT as native_date,
        DMBTR as native_amount,
        _extract_name,
        _delivery_id,
        _file_row,
        _extract_date
    from item
    where is_partial_payment

),

before as (

    select receivable_id, sum(amount_base) as amount_base
    from partly_paid
    group by receivable_id

),

-- What clears an item is what partial payments had left of it.
cleared as (

    select
        item.item_id || '#AUG' as receipt_id,
        item.item_id as receivable_id,
        item.cleared_date as paid_date,
        item.amount_base - coalesce(before.amount_base, 0) as amount_base,
        item.AUGDT as native_date,
        item.DMBTR as native_amount,
        item._extract_name,
        item._delivery_id,
        item._file_row,
        item._extract_date
    from item
    left join before on item.item_id = before.receivable_id
    where item.is_cleared and {{ sap_is_receivable('item') }}

),

settled as (

    select * from partly_paid
    union all by name
    select * from cleared
    where amount_base is distinct from 0

)

select
    receipt_id,
    receivable_id,
    paid_date,
    cast(amount_base as decimal(18, 2)) as amount_base,
    _extract_name,
    _delivery_id,
    _file_row,
    _extract_date,
    {{ first_reject([
        (sap_dated('native_date'), 'paid_date', 'TYPE', 'paid_date'),
        ('native_amount', 'amount_base', 'NUM_FORMAT', 'amount_base'),
    ]) }} as _reject
from settled
