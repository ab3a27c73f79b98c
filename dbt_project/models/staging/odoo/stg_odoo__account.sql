select
    {{ odoo_id('id') }} as account_id,
    {{ odoo_text('name') }} as account_name,
    {{ odoo_tax_number('vat') }} as tax_id,
    {{ web_domain(odoo_text('website')) }} as domain,
    {{ odoo_text('city') }} as city,
    {{ odoo_id('parent_id') }} as parent_account_id,
    cast(null as varchar[]) as erp_customer_ids,
    {{ odoo_id('user_id') }} as owner_person_id,
    cast(null as varchar) as merged_into_account_id,
    cast(null as varchar) as industry,
    cast(null as boolean) as is_key_account,
    cast(null as date) as key_account_from,
    cast(null as date) as key_account_to,
    {{ lineage('res_partner') }},
    cast(null as varchar) as _reject
from {{ source('raw_odoo', 'res_partner') }}
where
    not _is_deleted
    and coalesce({{ odoo_text('commercial_partner_id') }}, {{ odoo_text('id') }}) = {{ odoo_text('id') }}
    and ({{ odoo_flag('is_company') }} or coalesce({{ parsed_integer('customer_rank') }}, 0) > 0)
    and coalesce({{ parsed_integer('supplier_rank') }}, 0) <= coalesce({{ parsed_integer('customer_rank') }}, 0)
