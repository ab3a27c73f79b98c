select
    {{ odoo_id('id') }} as contact_id,
    {{ odoo_id('commercial_partner_id') }} as account_id,
    {{ odoo_text('name') }} as contact_name,
    lower({{ odoo_text('email') }}) as email,
    {{ odoo_text('phone') }} as phone,
    {{ odoo_text('function') }} as job_title,
    cast(null as varchar) as client_department,
    cast(null as varchar) as decision_role,
    cast(null as varchar) as support_level,
    cast(null as varchar) as work_style_code,
    coalesce({{ odoo_flag('active') }}, true) as is_active,
    cast(null as date) as left_date,
    cast(null as varchar) as reports_to_contact_id,
    cast(null as varchar) as consent_basis,
    cast(null as varchar) as technical_profile,
    cast(null as varchar) as personal_profile,
    cast(null as varchar) as behavioural_profile,
    cast(null as date) as profile_reviewed_date,
    {{ odoo_local_date('create_date') }} as created_date,
    {{ parsed_utc(odoo_text('write_date')) }} as updated_at,
    cast(null as varchar) as updated_by_person_id,
    {{ lineage('res_partner') }},
    cast(null as varchar) as _reject
from {{ source('raw_odoo', 'res_partner') }}
where
    not _is_deleted
    and {{ odoo_text('commercial_partner_id') }} <> {{ odoo_text('id') }}
    and not coalesce({{ odoo_flag('is_company') }}, false)
    and coalesce({{ odoo_text('type') }}, 'contact') = 'contact'
