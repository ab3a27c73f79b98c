with rate as (

    select
        *,
        {{ odoo_date('name') }} as rate_date,
        {{ parsed_decimal('rate', type='decimal(28, 12)') }} as inverse
    from {{ source('raw_odoo', 'res_currency_rate') }}
    where not _is_deleted

),

books as (

    select distinct
        {{ odoo_text('company.id') }} as company_id,
        {{ odoo_text('currency.name') }} as currency
    from {{ source('raw_odoo', 'res_company') }} as company
    inner join {{ source('raw_odoo', 'res_currency') }} as currency
        on {{ odoo_text('company.currency_id') }} = {{ odoo_text('currency.id') }}
    where not company._is_deleted

)

-- Stored are units of the foreign currency for one of the books; companies that share their books' currency have one rate.
select
    rate.rate_date,
    {{ odoo_text('currency.name') }} as from_currency,
    books.currency as to_currency,
    cast(1 / cast(nullif(rate.inverse, 0) as double) as decimal(18, 6)) as rate,
    {{ lineage('res_currency_rate', 'rate') }},
    {{ first_reject([
        ('rate.name', 'rate.rate_date', 'TYPE', 'rate_date'),
        ('rate.rate', 'rate.inverse', 'NUM_FORMAT', 'rate'),
    ]) }} as _reject
from rate
inner join {{ source('raw_odoo', 'res_currency') }} as currency
    on {{ odoo_text('rate.currency_id') }} = {{ odoo_text('currency.id') }}
inner join books on coalesce({{ odoo_text('rate.company_id') }}, books.company_id) = books.company_id
where {{ odoo_text('currency.name') }} <> books.currency
qualify
    row_number() over (
        partition by rate.rate_date, rate.name, currency.name, books.currency
        order by books.company_id, rate._file_row nulls last
    ) = 1
