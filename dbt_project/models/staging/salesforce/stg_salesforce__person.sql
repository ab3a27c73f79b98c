select
    {{ salesforce_key('Id') }} as person_id,
    {{ text('Name') }} as person_name,
    lower({{ text('Email') }}) as email,
    {{ text('Department') }} as department,
    {{ salesforce_key('ManagerId') }} as manager_person_id,
    {{ parsed_boolean('IsActive') }} as is_active,
    {{ parsed_date('Left_Date__c') }} as left_date,
    {{ parsed_list('ERP_Seller_Ids__c') }} as sales_rep_ids,
    {{ lineage('User') }},
    {{ first_reject([
        ('IsActive', 'is_active', 'TYPE', 'is_active'),
        ('Left_Date__c', 'left_date', 'TYPE', 'left_date'),
    ]) }} as _reject
from {{ source('raw_salesforce', 'user') }}
where not _is_deleted
