select
    {{ salesforce_key('Id') }} as contact_id,
    {{ salesforce_key('AccountId') }} as account_id,
    nullif(concat_ws(' ', {{ text('FirstName') }}, {{ text('LastName') }}), '') as contact_name,
    lower({{ text('Email') }}) as email,
    {{ text('Phone') }} as phone,
    {{ text('Title') }} as job_title,
    {{ text('Department') }} as client_department,
    case {{ label_code('Decision_Role__c') }}
        when 'economic_buyer' then 'economic_buyer'
        when 'technical_buyer' then 'technical'
        when 'technical' then 'technical'
        when 'user' then 'user'
        when 'business_user' then 'user'
        when 'procurement' then 'procurement'
        when 'champion' then 'champion'
        when 'gatekeeper' then 'gatekeeper'
        when 'blocker' then 'blocker'
        else case when {{ text('Decision_Role__c') }} is not null then 'unknown' end
    end as decision_role,
    case {{ label_code('Support_Level__c') }}
        when 'mentor' then 'mentor'
        when 'supporter' then 'supporter'
        when 'neutral' then 'neutral'
        when 'non_supporter' then 'non_supporter'
        when 'opponent' then 'opponent'
        else case when {{ text('Support_Level__c') }} is not null then 'unknown' end
    end as support_level,
    cast(null as varchar) as work_style_code,
    {{ text('Left_Date__c') }} is null as is_active,
    {{ parsed_date('Left_Date__c') }} as left_date,
    {{ salesforce_key('ReportsToId') }} as reports_to_contact_id,
    cast(null as varchar) as consent_basis,
    cast(null as varchar) as technical_profile,
    cast(null as varchar) as personal_profile,
    cast(null as varchar) as behavioural_profile,
    cast(null as date) as profile_reviewed_date,
    {{ salesforce_local_date('CreatedDate') }} as created_date,
    {{ parsed_utc('LastModifiedDate') }} as updated_at,
    {{ salesforce_key('LastModifiedById') }} as updated_by_person_id,
    {{ lineage('Contact') }},
    {{ first_reject([
        ('Left_Date__c', 'left_date', 'TYPE', 'left_date'),
        ('CreatedDate', 'created_date', 'TYPE', 'created_date'),
        ('LastModifiedDate', 'updated_at', 'TYPE', 'updated_at'),
    ]) }} as _reject
from {{ source('raw_salesforce', 'contact') }}
where not _is_deleted
