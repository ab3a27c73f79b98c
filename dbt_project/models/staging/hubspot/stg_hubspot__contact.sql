with employer as (

    {{ hubspot_primary(source('raw_hubspot', 'contact_company'), '1') }}

)

select
    {{ native_id('contact.id') }} as contact_id,
    {{ native_id("coalesce(employer.to_id, contact.associatedcompanyid)") }} as account_id,
    nullif(concat_ws(' ', {{ text('contact.firstname') }}, {{ text('contact.lastname') }}), '') as contact_name,
    lower({{ text('contact.email') }}) as email,
    {{ text('contact.phone') }} as phone,
    {{ text('contact.jobtitle') }} as job_title,
    {{ text('contact.department') }} as client_department,
    -- A contact may have several roles; the one that decides most counts.
    case
        when regexp_matches(upper(contact.hs_buying_role), 'BUDGET_HOLDER|DECISION_MAKER|EXECUTIVE_SPONSOR')
            then 'economic_buyer'
        when contact.hs_buying_role ilike '%BLOCKER%' then 'blocker'
        when contact.hs_buying_role ilike '%CHAMPION%' then 'champion'
        when contact.hs_buying_role ilike '%LEGAL_AND_COMPLIANCE%' then 'gatekeeper'
        when contact.hs_buying_role ilike '%END_USER%' then 'user'
        when {{ text('contact.hs_buying_role') }} is not null then 'unknown'
    end as decision_role,
    cast(null as varchar) as support_level,
    cast(null as varchar) as work_style_code,
    true as is_active,
    cast(null as date) as left_date,
    cast(null as varchar) as reports_to_contact_id,
    cast(null as varchar) as consent_basis,
    cast(null as varchar) as technical_profile,
    cast(null as varchar) as personal_profile,
    cast(null as varchar) as behavioural_profile,
    cast(null as date) as profile_reviewed_date,
    {{ local_date(hubspot_utc('contact.createdate')) }} as created_date,
    {{ hubspot_utc('contact.lastmodifieddate') }} as updated_at,
    cast(null as varchar) as updated_by_person_id,
    {{ lineage('contact', 'contact') }},
    {{ first_reject([
        ('contact.createdate', hubspot_utc('contact.createdate'), 'TYPE', 'created_date'),
        ('contact.lastmodifieddate', hubspot_utc('contact.lastmodifieddate'), 'TYPE', 'updated_at'),
    ]) }} as _reject
from {{ source('raw_hubspot', 'contact') }} as contact
left join employer on trim(contact.id) = employer.from_id
where not contact._is_deleted
