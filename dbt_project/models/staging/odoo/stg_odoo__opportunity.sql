with partner as (

    {{ odoo_partner(source('raw_odoo', 'res_partner')) }}

)

select
    {{ odoo_id('lead.id') }} as opportunity_id,
    {{ odoo_id('partner.client_id') }} as account_id,
    {{ odoo_text('lead.name') }} as opportunity_name,
    {{ odoo_name('stage.name') }} as stage,
    coalesce({{ odoo_flag('stage.is_won') }}, false) or not coalesce({{ odoo_flag('lead.active') }}, true) as is_closed,
    coalesce({{ odoo_flag('stage.is_won') }}, false) as is_won,
    {{ parsed_decimal('lead.expected_revenue') }} as amount,
    '{{ var("company").reporting_currency }}' as currency,
    {{ odoo_local_date('lead.create_date') }} as created_date,
    coalesce({{ odoo_local_date('lead.date_closed') }}, {{ odoo_date('lead.date_deadline') }}) as close_date,
    {{ odoo_id('lead.user_id') }} as owner_person_id,
    cast(null as varchar) as reference_account_id,
    cast(null as double) as reference_influence,
    {{ lineage('crm_lead', 'lead') }},
    {{ first_reject([
        ('lead.expected_revenue', parsed_decimal('lead.expected_revenue'), 'NUM_FORMAT', 'amount'),
        ('lead.create_date', odoo_local_date('lead.create_date'), 'TYPE', 'created_date'),
    ]) }} as _reject
from {{ source('raw_odoo', 'crm_lead') }} as lead
left join {{ source('raw_odoo', 'crm_stage') }} as stage on {{ odoo_text('lead.stage_id') }} = {{ odoo_text('stage.id') }}
left join partner on {{ odoo_text('lead.partner_id') }} = partner.partner_id
where not lead._is_deleted and trim(lead.type) = 'opportunity'
