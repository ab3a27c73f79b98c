with payment_term as (

    select
        trim(E4_CODIGO) as code,
        max({{ parsed_integer('E4_XDIAS') }}) as payment_days
    from {{ source('raw_protheus', 'se4010') }}
    where not _is_deleted
    group by all

),

customer as (

    select
        *,
        trim(A1_COD) as code,
        trim(A1_LOJA) as store,
        {{ text('A1_GRPVEN') }} as sales_group,
        {{ tax_number('A1_CGC') }} as tax_id,
        {{ protheus_decimal('A1_LC') }} as credit_limit,
        {{ protheus_date('A1_DTCAD') }} as created_date
    from {{ source('raw_protheus', 'sa1010') }}
    where not _is_deleted

),

headed as (

    select
        *,
        min(store) over (partition by code) as head_store,
        min(code || '-' || store) over (partition by sales_group) as head_of_sales_group
    from customer

)

select
    {{ native_id(['headed.code', 'headed.store']) }} as customer_id,
    {{ text('headed.A1_NOME') }} as customer_name,
    {{ text('headed.A1_NREDUZ') }} as trade_name,
    headed.tax_id,
    case
        when headed.tax_id is null then null
        when length(headed.tax_id) = 14 then 'cnpj'
        when length(headed.tax_id) = 11 then 'cpf'
        when trim(headed.A1_PESSOA) = 'J' then 'cnpj'
        when trim(headed.A1_PESSOA) = 'F' then 'cpf'
        else 'other'
    end as tax_id_kind,
    {{ text('headed.A1_XTERR') }} as territory,
    case
        when headed.store > headed.head_store then {{ native_id(['headed.code', 'headed.head_store']) }}
        when headed.sales_group is not null and headed.head_of_sales_group <> headed.code || '-' || headed.store
            then {{ native_id('headed.head_of_sales_group') }}
    end as parent_customer_id,
    nullif(regexp_extract(lower(headed.A1_EMAIL), '@([^;, ]+)', 1), '') as domain,
    cast(null as varchar) as currency,
    payment_term.payment_days as payment_terms_days,
    headed.credit_limit,
    {{ text('headed.A1_XCANAL') }} as channel,
    {{ text('headed.A1_SATIV1') }} as industry,
    {{ text('headed.A1_REGIAO') }} as region,
    {{ text('headed.A1_MUN') }} as city,
    {{ text('headed.A1_EST') }} as state,
    {{ text('headed.A1_PAIS') }} as country,
    {{ native_id('headed.A1_VEND') }} as sales_rep_id,
    headed.created_date,
    coalesce(trim(headed.A1_XINTER) = 'S', false) as is_intercompany,
    coalesce(trim(headed.A1_MSBLQL) <> '1', true) as is_active,
    {{ lineage('SA1010', 'headed') }},
    {{ first_reject([
        ('headed.A1_DTCAD', 'headed.created_date', 'TYPE', 'created_date'),
        ('headed.A1_LC', 'headed.credit_limit', 'NUM_FORMAT', 'credit_limit'),
    ]) }} as _reject
from headed
left join payment_term on trim(headed.A1_COND) = payment_term.code
