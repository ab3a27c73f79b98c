with customer as (

    select * from {{ ref('customer') }}

),

account as (

    select * from {{ ref('account') }}

),

record as (

    select
        'erp_customer' as account_kind,
        customer_id as account_key,
        source_system,
        customer_name as account_name,
        tax_id as delivered_tax_id,
        lower(tax_id_kind) as delivered_kind,
        parent_customer_id as parent_account_key,
        cast(null as varchar) as merged_into_account_key,
        coalesce(is_intercompany, false) as is_intercompany,
        is_active,
        territory,
        created_date,
        extract_date
    from customer
    union all
    select
        'crm_account' as account_kind,
        account_id as account_key,
        source_system,
        account_name,
        tax_id as delivered_tax_id,
        cast(null as varchar) as delivered_kind,
        parent_account_id as parent_account_key,
        merged_into_account_id as merged_into_account_key,
        false as is_intercompany,
        cast(null as boolean) as is_active,
        cast(null as varchar) as territory,
        cast(null as date) as created_date,
        extract_date
    from account

),

stripped as (

    select
        *,
        nullif(regexp_replace(upper(delivered_tax_id), '[^0-9A-Z]', '', 'g'), '') as number
    from record

),

-- A spreadsheet drops the leading zeros of a number; only a declared kind says how many there were.
read_as as (

    select
        * exclude (number),
        case
            when delivered_kind = 'cnpj' and regexp_full_match(number, '[0-9]{3,13}')
                then lpad(number, 14, '0')
            when delivered_kind = 'cpf' and regexp_full_match(number, '[0-9]{3,10}')
                then lpad(number, 11, '0')
            else number
        end as tax_id,
        coalesce(
            delivered_kind,
            case length(number) when 14 then 'cnpj' when 11 then 'cpf' else 'vat' end
        ) as tax_id_kind
    from stripped

),

judged as (

    select
        *,
        coalesce(
            case tax_id_kind
                when 'cnpj' then {{ is_valid_cnpj('tax_id') }}
                when 'cpf' then {{ is_valid_cpf('tax_id') }}
                else length(tax_id) >= 5 and {{ is_varied('tax_id') }}
            end,
            false
        ) as is_valid_tax_id
    from read_as

)

select
    account_kind || ' ' || account_key as record_key,
    account_kind,
    account_key,
    source_system,
    case
        when starts_with(account_key, source_system || ':')
            then substring(account_key, length(source_system) + 2)
        else substring(account_key, strpos(account_key, ':') + 1)
    end as native_id,
    account_name,
    case when is_valid_tax_id then tax_id end as tax_id,
    case
        when not is_valid_tax_id or tax_id_kind = 'cpf' then null
        when tax_id_kind = 'cnpj' then left(tax_id, 8)
        else tax_id
    end as tax_id_root,
    is_valid_tax_id and tax_id_kind = 'cnpj' as has_cnpj,
    coalesce(delivered_kind = 'cpf', false)
        or (is_valid_tax_id and tax_id_kind = 'cpf') as is_natural_person,
    tax_id as written_tax_id,
    parent_account_key,
    merged_into_account_key,
    is_intercompany,
    is_active,
    territory,
    created_date,
    extract_date
from judged
