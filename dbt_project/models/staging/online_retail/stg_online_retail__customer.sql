with line as (

    select
        *,
        split_part(trim(CustomerID), '.', 1) as number
    from {{ source('raw_online_retail', 'online_retail') }}
    where not _is_deleted and {{ text('CustomerID') }} is not null

)

select
    {{ native_id('number') }} as customer_id,
    number as customer_name,
    cast(null as varchar) as trade_name,
    cast(null as varchar) as tax_id,
    cast(null as varchar) as tax_id_kind,
    cast(null as varchar) as territory,
    cast(null as varchar) as parent_customer_id,
    cast(null as varchar) as domain,
    cast(null as varchar) as currency,
    cast(null as bigint) as payment_terms_days,
    cast(null as decimal(18, 2)) as credit_limit,
    cast(null as varchar) as channel,
    cast(null as varchar) as industry,
    cast(null as varchar) as region,
    cast(null as varchar) as city,
    cast(null as varchar) as state,
    nullif({{ text('Country') }}, 'Unspecified') as country,
    cast(null as varchar) as sales_rep_id,
    cast(null as date) as created_date,
    cast(null as boolean) as is_intercompany,
    cast(null as boolean) as is_active,
    {{ lineage('online_retail') }},
    cast(null as varchar) as _reject
from line
qualify row_number() over (partition by number order by InvoiceDate desc nulls last, _file_row desc nulls last) = 1
