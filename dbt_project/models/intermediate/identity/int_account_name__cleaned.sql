with record as (

    select
        identified.record_key,
        identified.account_key,
        identified.written_tax_id,
        identified.has_cnpj or length(identified.written_tax_id) = 14 as is_company_number,
        assigned.group_id
    from {{ ref('int_account__identified') }} as identified
    inner join {{ ref('int_account__assigned') }} as assigned on identified.record_key = assigned.record_key
    where
        not identified.is_intercompany
        and assigned.group_id not in ('UNMAPPED', 'INTERCOMPANY', 'ERASED')

),

written as (

    select 'erp_customer ' || customer_id as record_key, customer_name as written_name, domain, city
    from {{ ref('customer') }}
    union all
    select 'erp_customer ' || customer_id as record_key, trade_name as written_name, domain, city
    from {{ ref('customer') }}
    union all
    select 'crm_account ' || account_id as record_key, account_name as written_name, domain, city
    from {{ ref('account') }}

)

select distinct
    record.record_key,
    record.account_key,
    record.group_id,
    {{ cleaned_name('written.written_name') }} as clean_name,
    {{ owned_domain('written.domain') }} as domain,
    nullif(trim(upper(strip_accents(written.city))), '') as city,
    case
        when length(record.written_tax_id) < 5 or not {{ is_varied('record.written_tax_id') }} then null
        when record.is_company_number then left(record.written_tax_id, 8)
        else record.written_tax_id
    end as tax_root
from record
inner join written on record.record_key = written.record_key
where {{ cleaned_name('written.written_name') }} is not null
