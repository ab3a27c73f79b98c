with partner as (

    {{ odoo_partner(source('raw_odoo', 'res_partner')) }}

)

-- Invoices, refunds and payments alike: what waits on a client's account, debit positive.
select
    {{ odoo_id('line.id') }} as receivable_id,
    {{ odoo_text('move.company_id') }} as company_code,
    {{ odoo_id('move.id') }} as document_id,
    {{ odoo_id('coalesce(partner.client_id, line.partner_id)') }} as customer_id,
    {{ odoo_date('move.date') }} as issued_date,
    coalesce({{ odoo_date('line.date_maturity') }}, {{ odoo_date('move.date') }}) as due_date,
    {{ parsed_decimal('line.balance') }} as amount_base,
    {{ parsed_decimal('line.amount_residual') }} as open_amount_base,
    {{ lineage('account_move_line', 'line') }},
    {{ first_reject([
        ('move.date', odoo_date('move.date'), 'TYPE', 'issued_date'),
        ('line.balance', parsed_decimal('line.balance'), 'NUM_FORMAT', 'amount_base'),
        ('line.amount_residual', parsed_decimal('line.amount_residual'), 'NUM_FORMAT', 'open_amount_base'),
    ]) }} as _reject
from {{ source('raw_odoo', 'account_move_line') }} as line
inner join {{ source('raw_odoo', 'account_move') }} as move
    on {{ odoo_text('line.move_id') }} = {{ odoo_text('move.id') }}
inner join {{ source('raw_odoo', 'account_account') }} as account
    on {{ odoo_text('line.account_id') }} = {{ odoo_text('account.id') }}
left join partner on {{ odoo_text('line.partner_id') }} = partner.partner_id
where
    not line._is_deleted
    and not move._is_deleted
    and trim(move.state) = 'posted'
    and coalesce({{ odoo_text('account.account_type') }}, {{ odoo_text('account.internal_type') }})
    in ('asset_receivable', 'receivable')
    and {{ odoo_text('line.partner_id') }} is not null
    and {{ parsed_decimal('line.balance') }} is distinct from 0
