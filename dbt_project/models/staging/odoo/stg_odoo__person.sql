select
    {{ odoo_id('users.id') }} as person_id,
    {{ odoo_text('partner.name') }} as person_name,
    lower({{ odoo_text('users.login') }}) as email,
    cast(null as varchar) as department,
    cast(null as varchar) as manager_person_id,
    coalesce({{ odoo_flag('users.active') }}, true) as is_active,
    cast(null as date) as left_date,
    [{{ odoo_id('users.id') }}] as sales_rep_ids,
    {{ lineage('res_users', 'users') }},
    cast(null as varchar) as _reject
from {{ source('raw_odoo', 'res_users') }} as users
left join {{ source('raw_odoo', 'res_partner') }} as partner
    on {{ odoo_text('users.partner_id') }} = {{ odoo_text('partner.id') }}
where not users._is_deleted
