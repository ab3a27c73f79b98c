with client as (

    {{ hubspot_primary(source('raw_hubspot', 'deal_company'), '5') }}

),

stage as (

    select
        trim(pipeline_id) as pipeline_id,
        trim(stage_id) as stage_id,
        max({{ text('stage_label') }}) as label,
        bool_or({{ parsed_boolean('is_closed') }}) as is_closed
    from {{ source('raw_hubspot', 'deal_stage') }}
    where not _is_deleted
    group by trim(pipeline_id), trim(stage_id)

)

select
    {{ native_id('deal.id') }} as opportunity_id,
    {{ native_id('client.to_id') }} as account_id,
    {{ text('deal.dealname') }} as opportunity_name,
    coalesce(stage.label, {{ text('deal.dealstage') }}) as stage,
    coalesce({{ parsed_boolean('deal.hs_is_closed') }}, stage.is_closed) as is_closed,
    {{ parsed_boolean('deal.hs_is_closed_won') }} as is_won,
    {{ parsed_decimal('deal.amount') }} as amount,
    coalesce({{ text('deal.deal_currency_code') }}, '{{ var("company").reporting_currency }}') as currency,
    {{ local_date(hubspot_utc('deal.createdate')) }} as created_date,
    {{ hubspot_date('deal.closedate') }} as close_date,
    {{ native_id('deal.hubspot_owner_id') }} as owner_person_id,
    cast(null as varchar) as reference_account_id,
    cast(null as double) as reference_influence,
    {{ lineage('deal', 'deal') }},
    {{ first_reject([
        ('deal.amount', parsed_decimal('deal.amount'), 'NUM_FORMAT', 'amount'),
        ('deal.createdate', hubspot_utc('deal.createdate'), 'TYPE', 'created_date'),
        ('deal.closedate', hubspot_utc('deal.closedate'), 'TYPE', 'close_date'),
    ]) }} as _reject
from {{ source('raw_hubspot', 'deal') }} as deal
left join client on trim(deal.id) = client.from_id
left join stage on trim(deal.pipeline) = stage.pipeline_id and trim(deal.dealstage) = stage.stage_id
where not deal._is_deleted
