with match as (

    select
        *,
        {{ parsed_decimal('amount') }} as matched_amount,
        {{ odoo_date("coalesce(nullif(max_date, 'False'), create_date)") }} as matched_date
    from {{ source('raw_odoo', 'account_partial_reconcile') }}
    where not _is_deleted

)

-- What is matched settles the debit by its amount and the credit by the opposite.
select
    {{ odoo_id('match.id') }} || leg.suffix as receipt_id,
    {{ odoo_id("case when leg.sign = 1 then match.debit_move_id else match.credit_move_id end") }} as receivable_id,
    match.matched_date as paid_date,
    cast(leg.sign * match.matched_amount as decimal(18, 2)) as amount_base,
    {{ lineage('account_partial_reconcile', 'match') }},
    {{ first_reject([
        ("coalesce(nullif(match.max_date, 'False'), match.create_date)", 'match.matched_date', 'TYPE', 'paid_date'),
        ('match.amount', 'match.matched_amount', 'NUM_FORMAT', 'amount_base'),
    ]) }} as _reject
from match
cross join (values ('#DEBIT', 1), ('#CREDIT', -1)) as leg (suffix, sign)
inner join {{ source('raw_odoo', 'account_move_line') }} as line
    on
        case when leg.sign = 1 then {{ odoo_text('match.debit_move_id') }} else {{ odoo_text('match.credit_move_id') }} end
        = {{ odoo_text('line.id') }}
inner join {{ source('raw_odoo', 'account_account') }} as account
    on {{ odoo_text('line.account_id') }} = {{ odoo_text('account.id') }}
where
    not line._is_deleted
    and match.matched_amount is distinct from 0
    and coalesce({{ odoo_text('account.account_type') }}, {{ odoo_text('account.internal_type') }})
    in ('asset_receivable', 'receivable')
    and {{ odoo_text('line.partner_id') }} is not null
