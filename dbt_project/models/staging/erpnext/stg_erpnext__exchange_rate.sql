with daily_rate as (

    select
        *,
        {{ parsed_iso_date('date') }} as rate_date,
        {{ parsed_decimal('exchange_rate', type='decimal(18, 6)') }} as rate
    from {{ source('raw_erpnext', 'currency_exchange') }}
    where not _is_deleted

)

-- A day may have one rate for buying and one for selling.
select
    rate_date,
    {{ text('from_currency') }} as from_currency,
    {{ text('to_currency') }} as to_currency,
    rate,
    {{ lineage('currency_exchange') }},
    {{ first_reject([
        ('date', 'rate_date', 'TYPE', 'rate_date'),
        ('exchange_rate', 'rate', 'NUM_FORMAT', 'rate'),
    ]) }} as _reject
from daily_rate
where coalesce({{ parsed_integer('for_selling') }}, 1) <> 0 and coalesce(rate, 1) <> 0
