with partner as (

    {{ odoo_partner(source('raw_odoo', 'res_partner')) }}

),

-- Open to-dos are mail_activity; a done one becomes a message with the kind of activity it was.
message as (

    select
        mail.*,
        {{ parsed_utc(odoo_text('mail.date')) }} as happened_at,
        lower({{ odoo_text('kind.category') }}) as kind,
        case trim(mail.model)
            when 'res.partner' then {{ odoo_text('mail.res_id') }}
            when 'crm.lead' then {{ odoo_text('lead.partner_id') }}
            when 'sale.order' then {{ odoo_text('sale.partner_id') }}
        end as about_partner
    from {{ source('raw_odoo', 'mail_message') }} as mail
    left join {{ source('raw_odoo', 'mail_activity_type') }} as kind
        on {{ odoo_text('mail.mail_activity_type_id') }} = {{ odoo_text('kind.id') }}
    left join {{ source('raw_odoo', 'crm_lead') }} as lead
        on trim(mail.model) = 'crm.lead' and {{ odoo_text('mail.res_id') }} = {{ odoo_text('lead.id') }}
    left join {{ source('raw_odoo', 'sale_order') }} as sale
        on trim(mail.model) = 'sale.order' and {{ odoo_text('mail.res_id') }} = {{ odoo_text('sale.id') }}
    where not mail._is_deleted

),

users as (

    select
        {{ odoo_text('partner_id') }} as partner_id,
        min_by({{ odoo_text('id') }}, {{ parsed_integer('id') }}) as user_id
    from {{ source('raw_odoo', 'res_users') }}
    where not _is_deleted
    group by {{ odoo_text('partner_id') }}

)

select
    {{ odoo_id('message.id') }} as activity_id,
    {{ odoo_id('partner.client_id') }} as account_id,
    message.happened_at,
    cast(null as timestamp) as logged_at,
    case
        when message.kind = 'phonecall' then 'call'
        when message.kind = 'meeting' then 'meeting'
        when message.kind is not null then 'task'
        when trim(message.message_type) = 'email' then 'email'
        else 'message'
    end as activity_type,
    case
        when message.kind is not null then null
        when users.user_id is null then 'inbound'
        else 'outbound'
    end as direction,
    cast(null as boolean) as is_two_way,
    cast(null as varchar) as subject_class,
    {{ odoo_text('message.subject') }} as subject,
    cast(null as bigint) as duration_minutes,
    {{ odoo_id('users.user_id') }} as logged_by_person_id,
    cast(null as varchar) as plan_item_id,
    cast(null as varchar) as case_id,
    case when trim(message.model) = 'crm.lead' then {{ odoo_id('message.res_id') }} end as opportunity_id,
    {{ lineage('mail_message', 'message') }},
    {{ first_reject([('message.date', 'message.happened_at', 'TYPE', 'happened_at')]) }} as _reject
from message
inner join partner on message.about_partner = partner.partner_id
left join users on {{ odoo_text('message.author_id') }} = users.partner_id
where
    message.kind is not null
    or (trim(message.message_type) in ('email', 'comment') and not coalesce({{ odoo_flag('message.is_internal') }}, false))
