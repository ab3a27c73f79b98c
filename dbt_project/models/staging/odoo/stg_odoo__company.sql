select
    {{ odoo_text('company.id') }} as company_code,
    {{ odoo_text('company.name') }} as name,
    {{ odoo_text('currency.name') }} as base_currency,
    {{ lineage('res_company', 'company') }},
    cast(null as varchar) as _reject
from {{ source('raw_odoo', 'res_company') }} as company
left join {{ source('raw_odoo', 'res_currency') }} as currency
    on {{ odoo_text('company.currency_id') }} = {{ odoo_text('currency.id') }}
where not company._is_deleted
