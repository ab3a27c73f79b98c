with company as (

    {{ sap_company(source('raw_sap', 't001'), source('raw_sap', 'tcurx')) }}

),

total as (

    select
        {{ text('RBUKRS') }} as company_code,
        {{ sap_key('RACCT') }} as gl_account,
        {{ text('RYEAR') }} as fiscal_year,
        unnest(range(1, 17)) as posting_period,
        unnest([
            {%- for number in range(1, 17) %}
            HSL{{ '%02d' % number }}{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as native_amount,
        _delivery_id,
        _file_row,
        _extract_date
    from {{ source('raw_sap', 'faglflext') }}
    where
        not _is_deleted
        and coalesce({{ text('RLDNR') }}, '0L') = '0L'
        and coalesce({{ text('RRCTY') }}, '0') = '0'

),

-- Periods 13 to 16 close the year: they belong to its last month.
movement as (

    select
        total.*,
        case
            when regexp_full_match(total.fiscal_year, '[0-9]{4}')
            then total.fiscal_year || '-' || lpad(cast(least(total.posting_period, 12) as varchar), 2, '0')
        end as period,
        -{{ sap_decimal('total.native_amount') }} * coalesce(company.scale, 1) as amount
    from total
    left join company on total.company_code = company.code
    where {{ text('total.native_amount') }} is not null

)

select
    company_code,
    period,
    gl_account,
    cast(sum(amount) as decimal(18, 2)) as amount_base,
    'FAGLFLEXT' as _extract_name,
    arg_max(_delivery_id, (_extract_date, _delivery_id, _file_row)) as _delivery_id,
    arg_max(_file_row, (_extract_date, _delivery_id, _file_row)) as _file_row,
    max(_extract_date) as _extract_date,
    case
        when period is null then 'TYPE:period'
        when count(*) > count(amount) then 'NUM_FORMAT:amount_base'
    end as _reject
from movement
group by company_code, period, gl_account
having bool_or(coalesce(amount, 1) <> 0)
