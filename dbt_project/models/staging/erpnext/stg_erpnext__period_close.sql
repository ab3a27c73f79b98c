with closed_period as (

    select
        {{ text('company') }} as company_code,
        {{ parsed_iso_date('start_date') }} as start_date,
        {{ parsed_iso_date('end_date') }} as end_date,
        {{ parsed_iso_date('creation') }} as closed_date,
        {{ lineage('accounting_period') }},
        {{ first_reject([
            ('start_date', parsed_iso_date('start_date'), 'TYPE', 'period'),
            ('end_date', parsed_iso_date('end_date'), 'TYPE', 'period'),
            ('creation', parsed_iso_date('creation'), 'TYPE', 'closed_date'),
        ]) }} as _reject
    from {{ source('raw_erpnext', 'accounting_period') }}
    where
        not _is_deleted
        and not {{ erpnext_check('disabled') }}
        and {{ text('name') }} in (
            select {{ text('parent') }}
            from {{ source('raw_erpnext', 'closed_document') }}
            where
                not _is_deleted
                and trim(document_type) = 'Sales Invoice'
                and {{ erpnext_check('closed') }}
        )

)

-- A period of several months closes each; part of a month closes none.
select
    company_code,
    strftime(unnest(case
        when start_date is null or end_date is null then [cast(null as date)]
        else list_filter(
            cast(range(date_trunc('month', start_date), end_date + interval 1 day, interval 1 month) as date[]),
            lambda month: month >= start_date and last_day(month) <= end_date
        )
    end), '%Y-%m') as period,
    closed_date,
    _extract_name,
    _delivery_id,
    _file_row,
    _extract_date,
    _reject
from closed_period
