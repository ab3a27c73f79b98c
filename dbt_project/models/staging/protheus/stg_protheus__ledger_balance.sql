with movement as (

    select
        *,
        {{ protheus_date('CQ0_DATA') }} as balance_date,
        {{ protheus_decimal('CQ0_CREDIT') }} as credit,
        {{ protheus_decimal('CQ0_DEBITO') }} as debit,
        {{ first_reject([
            ('CQ0_DATA', 'balance_date', 'TYPE', 'period'),
            ('CQ0_CREDIT', 'credit', 'NUM_FORMAT', 'amount_base'),
            ('CQ0_DEBITO', 'debit', 'NUM_FORMAT', 'amount_base'),
        ]) }} as reject
    from {{ source('raw_protheus', 'cq0010') }}
    where not _is_deleted and trim(CQ0_MOEDA) in ('01', '1')

)

select
    {{ text('CQ0_FILIAL') }} as company_code,
    strftime(balance_date, '%Y-%m') as period,
    {{ text('CQ0_CONTA') }} as gl_account,
    sum(coalesce(credit, 0) - coalesce(debit, 0)) as amount_base,
    'CQ0010' as _extract_name,
    arg_max(_delivery_id, (_extract_date, _delivery_id, _file_row)) as _delivery_id,
    arg_max(_file_row, (_extract_date, _delivery_id, _file_row)) as _file_row,
    max(_extract_date) as _extract_date,
    min(reject) as _reject
from movement
group by company_code, period, gl_account
