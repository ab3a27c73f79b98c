select
    {{ native_id('name') }} as opportunity_id,
    case when trim(opportunity_from) = 'Customer' then {{ native_id('party_name') }} end as account_id,
    coalesce({{ text('title') }}, {{ text('customer_name') }}) as opportunity_name,
    coalesce({{ text('sales_stage') }}, {{ text('status') }}) as stage,
    coalesce(trim(status) in ('Converted', 'Lost', 'Closed'), false) as is_closed,
    coalesce(trim(status) = 'Converted', false) as is_won,
    {{ parsed_decimal('opportunity_amount') }} as amount,
    coalesce({{ text('currency') }}, '{{ var("company").reporting_currency }}') as currency,
    {{ parsed_iso_date('transaction_date') }} as created_date,
    {{ parsed_iso_date('expected_closing') }} as close_date,
    cast(null as varchar) as owner_person_id,
    cast(null as varchar) as reference_account_id,
    cast(null as double) as reference_influence,
    {{ lineage('opportunity') }},
    {{ first_reject([
        ('opportunity_amount', 'amount', 'NUM_FORMAT', 'amount'),
        ('transaction_date', 'created_date', 'TYPE', 'created_date'),
        ('expected_closing', 'close_date', 'TYPE', 'close_date'),
    ]) }} as _reject
from {{ source('raw_erpnext', 'opportunity') }}
where not _is_deleted
