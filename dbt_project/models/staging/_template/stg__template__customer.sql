-- One row per client. Replace the names behind the colons of each line; what the system does not keep stays NULL.
select
    {{ native_id('customer_number') }} as customer_id,
    {{ text('name') }} as customer_name,
    cast(null as varchar) as trade_name,
    {{ tax_number('tax_number') }} as tax_id,
    case when {{ tax_number('tax_number') }} is not null then 'cnpj' end as tax_id_kind,
    cast(null as varchar) as territory,
    cast(null as varchar) as parent_customer_id,
    cast(null as varchar) as domain,
    cast(null as varchar) as currency,
    cast(null as bigint) as payment_terms_days,
    cast(null as decimal(18, 2)) as credit_limit,
    cast(null as varchar) as channel,
    cast(null as varchar) as industry,
    cast(null as varchar) as region,
    {{ text('city') }} as city,
    cast(null as varchar) as state,
    cast(null as varchar) as country,
    cast(null as varchar) as sales_rep_id,
    {{ parsed_date('created_on', '%d/%m/%Y') }} as created_date,
    false as is_intercompany,
    true as is_active,
    {{ lineage('customers') }},
    {{ first_reject([
        ('created_on', 'created_date', 'TYPE', 'created_date'),
    ]) }} as _reject
from {{ source('raw__template', 'customers') }}
where not _is_deleted
