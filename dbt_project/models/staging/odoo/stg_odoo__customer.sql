with own_partner as (

    select {{ odoo_text('partner_id') }} as partner_id
    from {{ source('raw_odoo', 'res_company') }}
    where not _is_deleted

),

sold as (

    select distinct {{ odoo_text('commercial_partner_id') }} as client_id
    from {{ source('raw_odoo', 'account_move') }}
    where not _is_deleted and trim(move_type) in ('out_invoice', 'out_refund', 'out_receipt')

),

client as (

    select
        partner.*,
        {{ odoo_text('partner.id') }} as number,
        {{ odoo_tax_number('partner.vat') }} as tax_number,
        {{ odoo_text('country.code') }} as country,
        {{ odoo_text('state.code') }} as state
    from {{ source('raw_odoo', 'res_partner') }} as partner
    left join {{ source('raw_odoo', 'res_country') }} as country
        on {{ odoo_text('partner.country_id') }} = {{ odoo_text('country.id') }}
    left join {{ source('raw_odoo', 'res_country_state') }} as state
        on {{ odoo_text('partner.state_id') }} = {{ odoo_text('state.id') }}
    where
        not partner._is_deleted
        and coalesce({{ odoo_text('partner.commercial_partner_id') }}, {{ odoo_text('partner.id') }})
        = {{ odoo_text('partner.id') }}

)

select
    {{ odoo_id('client.number') }} as customer_id,
    {{ odoo_text('client.name') }} as customer_name,
    cast(null as varchar) as trade_name,
    client.tax_number as tax_id,
    case
        when client.tax_number is null then null
        when length(client.tax_number) = 14 and coalesce(client.country, 'BR') = 'BR' then 'cnpj'
        when length(client.tax_number) = 11 and coalesce(client.country, 'BR') = 'BR' then 'cpf'
        when regexp_full_match(client.tax_number, '[A-Z]{2}[0-9A-Z]{2,12}') then 'vat'
        else 'other'
    end as tax_id_kind,
    cast(null as varchar) as territory,
    {{ odoo_id('client.parent_id') }} as parent_customer_id,
    coalesce({{ web_domain(odoo_text('client.website')) }}, {{ odoo_text("split_part(client.email, '@', 2)") }}) as domain,
    cast(null as varchar) as currency,
    cast(null as bigint) as payment_terms_days,
    cast(null as decimal(18, 2)) as credit_limit,
    cast(null as varchar) as channel,
    cast(null as varchar) as industry,
    cast(null as varchar) as region,
    {{ odoo_text('client.city') }} as city,
    client.state,
    client.country,
    {{ odoo_id('client.user_id') }} as sales_rep_id,
    {{ odoo_local_date('client.create_date') }} as created_date,
    client.number in (select partner_id from own_partner where partner_id is not null) as is_intercompany,
    coalesce({{ odoo_flag('client.active') }}, true) as is_active,
    {{ lineage('res_partner', 'client') }},
    {{ first_reject([(odoo_text('client.create_date'), odoo_local_date('client.create_date'), 'TYPE', 'created_date')]) }}
        as _reject
from client
where
    coalesce({{ parsed_integer('client.customer_rank') }}, 0) > 0
    or client.number in (select client_id from sold where client_id is not null)
