with payment as (

    select
        *,
        {{ text('name') }} as payment_name
    from {{ source('raw_erpnext', 'payment_entry') }}

),

invoice as (

    select
        *,
        {{ erpnext_invoice_total() }} as total,
        {{ erpnext_nets_origin() }} as nets_origin,
        coalesce({{ parsed_decimal('base_paid_amount') }}, 0)
        - coalesce({{ parsed_decimal('base_change_amount') }}, 0)
        + coalesce({{ parsed_decimal('base_write_off_amount') }}, 0) as paid_at_counter
    from {{ source('raw_erpnext', 'sales_invoice') }}
    where not _is_deleted and {{ erpnext_is_submitted('docstatus') }}

),

-- At the rate of the invoice: a gain or loss of exchange settles nothing.
paid as (

    select
        {{ native_id('reference.name') }} as receipt_id,
        {{ native_id('reference.reference_name') }} as receivable_id,
        payment.posting_date,
        payment.docstatus,
        reference.allocated_amount as native_amount,
        cast(
            {{ parsed_decimal('reference.allocated_amount') }}
            * coalesce({{ erpnext_filled('reference.exchange_rate', 'decimal(18, 9)') }}, 1)
        as decimal(18, 2)) as amount_base,
        {{ lineage('payment_entry_reference', 'reference') }}
    from {{ source('raw_erpnext', 'payment_entry_reference') }} as reference
    left join payment on {{ text('reference.parent') }} = payment.payment_name
    where
        not reference._is_deleted
        and not coalesce(payment._is_deleted, false)
        and {{ erpnext_is_submitted('payment.docstatus') }}
        and trim(reference.reference_doctype) = 'Sales Invoice'

),

-- Write-offs and nettings that were booked by hand.
booked as (

    select
        {{ native_id('name') }} as receipt_id,
        {{ native_id('against_voucher') }} as receivable_id,
        posting_date,
        docstatus,
        coalesce({{ text('credit') }}, debit) as native_amount,
        {{ parsed_decimal('credit') }} - {{ parsed_decimal('debit') }} as amount_base,
        {{ lineage('gl_entry') }}
    from {{ source('raw_erpnext', 'gl_entry') }}
    where
        not _is_deleted
        and {{ erpnext_is_submitted('docstatus') }}
        and not {{ erpnext_check('is_cancelled') }}
        and trim(voucher_type) = 'Journal Entry'
        and trim(party_type) = 'Customer'
        and trim(against_voucher_type) = 'Sales Invoice'
        -- A gain or loss of exchange moves no money of the account.
        and coalesce(
            {{ parsed_decimal('credit_in_account_currency') }} <> 0
            or {{ parsed_decimal('debit_in_account_currency') }} <> 0,
            true
        )

),

netted as (

    select
        {{ native_id('name') }} || leg.suffix as receipt_id,
        case when leg.sign = 1 then {{ native_id('name') }} else {{ native_id('return_against') }} end as receivable_id,
        posting_date,
        docstatus,
        base_grand_total as native_amount,
        leg.sign * total as amount_base,
        {{ lineage('sales_invoice') }}
    from invoice
    cross join (values ('#RETURN', 1), ('#ORIGIN', -1)) as leg (suffix, sign)
    where nets_origin

),

counter as (

    select
        {{ native_id('name') }} || '#POS' as receipt_id,
        case when nets_origin then {{ native_id('return_against') }} else {{ native_id('name') }} end as receivable_id,
        posting_date,
        docstatus,
        base_paid_amount as native_amount,
        cast(paid_at_counter as decimal(18, 2)) as amount_base,
        {{ lineage('sales_invoice') }}
    from invoice
    where {{ erpnext_check('is_pos') }} and paid_at_counter <> 0

),

settled as (

    select * from paid
    union all by name
    select * from booked
    union all by name
    select * from netted
    union all by name
    select * from counter

)

select
    receipt_id,
    receivable_id,
    {{ parsed_iso_date('posting_date') }} as paid_date,
    amount_base,
    _extract_name,
    _delivery_id,
    _file_row,
    _extract_date,
    coalesce(
        {{ erpnext_state_reject('docstatus', 'receipt_id') }},
        {{ first_reject([
            ('posting_date', 'paid_date', 'TYPE', 'paid_date'),
            ('native_amount', 'amount_base', 'NUM_FORMAT', 'amount_base'),
        ]) }}
    ) as _reject
from settled
where amount_base is distinct from 0
