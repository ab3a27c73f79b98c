with daily_rate as (

    {{ sap_daily_rate(source('raw_sap', 'tcurr'), source('raw_sap', 'tcurf')) }}

)

select
    rate_date,
    nullif(from_currency, '') as from_currency,
    nullif(to_currency, '') as to_currency,
    rate,
    {{ lineage('TCURR') }},
    {{ first_reject([
        ('native_date', 'rate_date', 'TYPE', 'rate_date'),
        ('native_rate', 'rate', 'NUM_FORMAT', 'rate'),
    ]) }} as _reject
from daily_rate
