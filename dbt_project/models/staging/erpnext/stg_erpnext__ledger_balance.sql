with entry as (

    select
        *,
        {{ parsed_iso_date('posting_date') }} as booked_date,
        {{ parsed_decimal('credit') }} as credited,
        {{ parsed_decimal('debit') }} as debited,
        {{ first_reject([
            ('posting_date', 'booked_date', 'TYPE', 'period'),
            ('credit', 'credited', 'NUM_FORMAT', 'amount_base'),
            ('debit', 'debited', 'NUM_FORMAT', 'amount_base'),
        ]) }} as reject
    from {{ source('raw_erpnext', 'gl_entry') }}
    where
        not _is_deleted
        and {{ erpnext_is_submitted('docstatus') }}
        -- Entry and reversal of a cancelled voucher are both marked; versions before 13 delete the entry.
        and not {{ erpnext_check('is_cancelled') }}
        -- Closing a year moves all revenue to equity: no movement of the month.
        and coalesce(trim(voucher_type), '') <> 'Period Closing Voucher'

)

select
    {{ text('company') }} as company_code,
    strftime(booked_date, '%Y-%m') as period,
    {{ text('account') }} as gl_account,
    cast(sum(coalesce(credited, 0) - coalesce(debited, 0)) as decimal(18, 2)) as amount_base,
    'gl_entry' as _extract_name,
    arg_max(_delivery_id, (_extract_date, _delivery_id, _file_row)) as _delivery_id,
    arg_max(_file_row, (_extract_date, _delivery_id, _file_row)) as _file_row,
    max(_extract_date) as _extract_date,
    min(reject) as _reject
from entry
group by company_code, period, gl_account
