with customer as (

    select
        *,
        {{ tax_number('tax_id') }} as tax_number,
        {{ parsed_iso_date('creation') }} as created_date
    from {{ source('raw_erpnext', 'customer') }}
    where not _is_deleted

)

select
    {{ native_id('name') }} as customer_id,
    {{ text('customer_name') }} as customer_name,
    cast(null as varchar) as trade_name,
    tax_number as tax_id,
    case
        when tax_number is null then null
        when length(tax_number) = 14 then 'cnpj'
        when length(tax_number) = 11 and trim(customer_type) = 'Individual' then 'cpf'
        else 'other'
    end as tax_id_kind,
    {{ text('territory') }} as territory,
    cast(null as varchar) as parent_customer_id,
    {{ web_domain('website') }} as domain,
    {{ text('default_currency') }} as currency,
    cast(null as bigint) as payment_terms_days,
    cast(null as decimal(18, 2)) as credit_limit,
    {{ text('customer_group') }} as channel,
    coalesce({{ text('industry') }}, {{ text('market_segment') }}) as industry,
    cast(null as varchar) as region,
    cast(null as varchar) as city,
    cast(null as varchar) as state,
    cast(null as varchar) as country,
    cast(null as varchar) as sales_rep_id,
    created_date,
    {{ erpnext_check('is_internal_customer') }} as is_intercompany,
    not {{ erpnext_check('disabled') }} as is_active,
    {{ lineage('customer') }},
    {{ first_reject([('creation', 'created_date', 'TYPE', 'created_date')]) }} as _reject
from customer
