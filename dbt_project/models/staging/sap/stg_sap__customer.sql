with general as (

    select
        *,
        {{ sap_key('KUNNR') }} as number,
        {{ text('KONZS') }} as group_key,
        trim(LAND1) as country,
        {{ tax_number('STCD1') }} as first_tax_number,
        {{ tax_number('STCD2') }} as second_tax_number,
        {{ tax_number('STCEG') }} as vat_number,
        {{ sap_date('ERDAT') }} as created_date
    from {{ source('raw_sap', 'kna1') }}
    where not _is_deleted

),

-- The first live sales area of a customer speaks for it.
sales_area as (

    select *, {{ sap_key('KUNNR') }} as number
    from {{ source('raw_sap', 'knvv') }}
    where not _is_deleted and not {{ sap_flag('LOEVM') }}
    qualify
        row_number() over (
            partition by {{ sap_key('KUNNR') }}
            order by VKORG nulls last, VTWEG nulls last, SPART nulls last, _file_row nulls last
        ) = 1

),

company_view as (

    select
        {{ sap_key('KUNNR') }} as number,
        arg_min({{ text('ZTERM') }}, (BUKRS, _file_row)) as payment_term
    from {{ source('raw_sap', 'knb1') }}
    where not _is_deleted and {{ text('ZTERM') }} is not null
    group by {{ sap_key('KUNNR') }}

),

payment_term as (

    select
        trim(ZTERM) as code,
        max(coalesce(
            nullif({{ parsed_integer('ZTAG3') }}, 0),
            nullif({{ parsed_integer('ZTAG2') }}, 0),
            {{ parsed_integer('ZTAG1') }}
        )) as payment_days
    from {{ source('raw_sap', 't052') }}
    where not _is_deleted
    group by trim(ZTERM)

),

-- No clock: a link holds where it held on the day of the extract.
hierarchy as (

    select
        {{ sap_key('KUNNR') }} as number,
        min({{ sap_key('HKUNNR') }}) as parent_number
    from {{ source('raw_sap', 'knvh') }}
    where
        not _is_deleted
        and _extract_date between {{ sap_date('DATAB') }} and {{ sap_date('DATBI') }}
        and {{ sap_key('HKUNNR') }} is not null
        and {{ sap_key('HKUNNR') }} <> {{ sap_key('KUNNR') }}
    group by {{ sap_key('KUNNR') }}

),

-- KONZS is the number of the head, or free text: then the smallest number of those who share it is the head.
head as (

    select
        member.group_key,
        coalesce(max(leader.number), min(member.number)) as head_number
    from general as member
    left join general as leader on {{ sap_key('member.group_key') }} = leader.number
    group by member.group_key

),

typed as (

    select
        general.*,
        coalesce(hierarchy.parent_number, nullif(head.head_number, general.number)) as parent_number,
        case
            when general.country = 'BR' then coalesce(general.first_tax_number, general.second_tax_number)
            else coalesce(general.vat_number, general.first_tax_number)
        end as tax_id
    from general
    left join hierarchy on general.number = hierarchy.number
    left join head on general.group_key = head.group_key

)

select
    {{ sap_id('typed.KUNNR') }} as customer_id,
    nullif(concat_ws(' ', {{ text('typed.NAME1') }}, {{ text('typed.NAME2') }}), '') as customer_name,
    cast(null as varchar) as trade_name,
    typed.tax_id,
    case
        when typed.tax_id is null then null
        when typed.country = 'BR' and typed.first_tax_number is not null then 'cnpj'
        when typed.country = 'BR' then 'cpf'
        when typed.vat_number is not null then 'vat'
        else 'other'
    end as tax_id_kind,
    {{ text('sales_area.BZIRK') }} as territory,
    {{ sap_id('typed.parent_number') }} as parent_customer_id,
    cast(null as varchar) as domain,
    {{ text('sales_area.WAERS') }} as currency,
    payment_term.payment_days as payment_terms_days,
    cast(null as decimal(18, 2)) as credit_limit,
    {{ text('sales_area.VTWEG') }} as channel,
    {{ text('typed.BRSCH') }} as industry,
    {{ text('sales_area.VKBUR') }} as region,
    {{ text('typed.ORT01') }} as city,
    {{ text('typed.REGIO') }} as state,
    {{ text('typed.LAND1') }} as country,
    {{ native_id('sales_area.VKGRP') }} as sales_rep_id,
    typed.created_date,
    {{ text('typed.VBUND') }} is not null as is_intercompany,
    not {{ sap_flag('typed.LOEVM') }} as is_active,
    {{ lineage('KNA1', 'typed') }},
    {{ first_reject([(sap_dated('typed.ERDAT'), 'typed.created_date', 'TYPE', 'created_date')]) }} as _reject
from typed
left join sales_area on typed.number = sales_area.number
left join company_view on typed.number = company_view.number
left join payment_term
    on coalesce(company_view.payment_term, trim(sales_area.ZTERM)) = payment_term.code
