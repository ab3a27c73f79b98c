with entry as (

    select
        line.*,
        move.date as native_date,
        coalesce({{ odoo_text('line.company_id') }}, {{ odoo_text('move.company_id') }}) as company_number,
        {{ odoo_date('move.date') }} as booked_date,
        {{ odoo_text('account.code') }} as account_code,
        {{ parsed_decimal('line.balance') }} as booked,
        {{ first_reject([
            ('move.date', odoo_date('move.date'), 'TYPE', 'period'),
            ('line.balance', parsed_decimal('line.balance'), 'NUM_FORMAT', 'amount_base'),
        ]) }} as reject
    from {{ source('raw_odoo', 'account_move_line') }} as line
    inner join {{ source('raw_odoo', 'account_move') }} as move
        on {{ odoo_text('line.move_id') }} = {{ odoo_text('move.id') }}
    inner join {{ source('raw_odoo', 'account_account') }} as account
        on {{ odoo_text('line.account_id') }} = {{ odoo_text('account.id') }}
    where not line._is_deleted and not move._is_deleted and trim(move.state) = 'posted'

)

select
    company_number as company_code,
    strftime(booked_date, '%Y-%m') as period,
    account_code as gl_account,
    cast(-sum(booked) as decimal(18, 2)) as amount_base,
    'account_move_line' as _extract_name,
    arg_min(_delivery_id, _file_row) as _delivery_id,
    min(_file_row) as _file_row,
    max(_extract_date) as _extract_date,
    min(reject) as _reject
from entry
group by company_number, strftime(booked_date, '%Y-%m'), account_code, case when reject is not null then _file_row end
