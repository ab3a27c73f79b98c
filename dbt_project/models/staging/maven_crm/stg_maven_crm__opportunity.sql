select
    {{ native_id('opportunity_id') }} as opportunity_id,
    {{ native_id('account') }} as account_id,
    {{ text('product') }} as opportunity_name,
    {{ text('deal_stage') }} as stage,
    deal_stage in ('Won', 'Lost') as is_closed,
    deal_stage = 'Won' as is_won,
    {{ parsed_decimal('close_value') }} as amount,
    '{{ var("company").reporting_currency }}' as currency,
    {{ parsed_date('engage_date', '%d-%m-%y') }} as created_date,
    {{ parsed_date('close_date', '%d-%m-%y') }} as close_date,
    {{ native_id('sales_agent') }} as owner_person_id,
    cast(null as varchar) as reference_account_id,
    cast(null as double) as reference_influence,
    {{ lineage('sales_pipeline') }},
    {{ first_reject([
        ('close_value', parsed_decimal('close_value'), 'NUM_FORMAT', 'amount'),
        ('engage_date', parsed_date('engage_date', '%d-%m-%y'), 'TYPE', 'created_date'),
        ('close_date', parsed_date('close_date', '%d-%m-%y'), 'TYPE', 'close_date'),
    ]) }} as _reject
from {{ source('raw_maven_crm', 'sales_pipeline') }}
where not _is_deleted
