select
    {{ salesforce_key('Id') }} as opportunity_id,
    {{ salesforce_key('AccountId') }} as account_id,
    {{ text('Name') }} as opportunity_name,
    {{ text('StageName') }} as stage,
    {{ parsed_boolean('IsClosed') }} as is_closed,
    {{ parsed_boolean('IsWon') }} as is_won,
    {{ parsed_decimal('Amount') }} as amount,
    coalesce({{ text('CurrencyIsoCode') }}, '{{ var("company").reporting_currency }}') as currency,
    {{ salesforce_local_date('CreatedDate') }} as created_date,
    {{ parsed_date('CloseDate') }} as close_date,
    {{ salesforce_key('OwnerId', '005') }} as owner_person_id,
    cast(null as varchar) as reference_account_id,
    cast(null as double) as reference_influence,
    {{ lineage('Opportunity') }},
    {{ first_reject([
        ('IsClosed', 'is_closed', 'TYPE', 'is_closed'),
        ('IsWon', 'is_won', 'TYPE', 'is_won'),
        ('Amount', parsed_decimal('Amount'), 'NUM_FORMAT', 'amount'),
        ('CreatedDate', 'created_date', 'TYPE', 'created_date'),
        ('CloseDate', 'close_date', 'TYPE', 'close_date'),
    ]) }} as _reject
from {{ source('raw_salesforce', 'opportunity') }}
where not _is_deleted
