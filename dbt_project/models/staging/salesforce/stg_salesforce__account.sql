select
    {{ salesforce_key('Id') }} as account_id,
    {{ text('Name') }} as account_name,
    {{ tax_number('Tax_Id__c') }} as tax_id,
    {{ web_domain('Website') }} as domain,
    {{ text('BillingCity') }} as city,
    {{ salesforce_key('ParentId') }} as parent_account_id,
    {{ parsed_list('ERP_Customer_Ids__c') }} as erp_customer_ids,
    {{ salesforce_key('OwnerId', '005') }} as owner_person_id,
    {{ salesforce_key('MasterRecordId') }} as merged_into_account_id,
    {{ text('Industry') }} as industry,
    {{ parsed_boolean('Is_Key_Account__c') }} as is_key_account,
    {{ parsed_date('Key_Account_From__c') }} as key_account_from,
    {{ parsed_date('Key_Account_To__c') }} as key_account_to,
    {{ lineage('Account') }},
    {{ first_reject([
        ('Is_Key_Account__c', 'is_key_account', 'TYPE', 'is_key_account'),
        ('Key_Account_From__c', 'key_account_from', 'TYPE', 'key_account_from'),
        ('Key_Account_To__c', 'key_account_to', 'TYPE', 'key_account_to'),
    ]) }} as _reject
from {{ source('raw_salesforce', 'account') }}
where not _is_deleted or {{ text('MasterRecordId') }} is not null
