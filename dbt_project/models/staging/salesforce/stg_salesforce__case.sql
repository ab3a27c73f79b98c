select
    {{ salesforce_key('Id') }} as case_id,
    {{ salesforce_key('AccountId') }} as account_id,
    {{ salesforce_key('ContactId') }} as contact_id,
    {{ parsed_utc('CreatedDate') }} as opened_at,
    {{ parsed_utc('First_Response__c') }} as first_response_at,
    {{ parsed_utc('ClosedDate') }} as closed_at,
    {{ text('Department__c') }} as department,
    coalesce({{ text('Reason') }}, {{ text('Type') }}) as category,
    {{ text('Priority') }} as severity,
    {{ parsed_integer('Reopened_Count__c') }} as reopened_count,
    {{ parsed_boolean('Is_Client_Fault__c') }} as is_client_fault,
    {{ lineage('Case') }},
    {{ first_reject([
        ('CreatedDate', 'opened_at', 'TYPE', 'opened_at'),
        ('First_Response__c', 'first_response_at', 'TYPE', 'first_response_at'),
        ('ClosedDate', 'closed_at', 'TYPE', 'closed_at'),
        ('Reopened_Count__c', 'reopened_count', 'NUM_FORMAT', 'reopened_count'),
        ('Is_Client_Fault__c', 'is_client_fault', 'TYPE', 'is_client_fault'),
    ]) }} as _reject
from {{ source('raw_salesforce', 'case') }}
where not _is_deleted
