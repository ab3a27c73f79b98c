with behind as (

    select
        component,
        unnest(entities) as entity
    from (
        values
        ('momentum', ['invoice_line']),
        ('sow_trend', ['invoice_line', 'wallet_estimate']),
        ('otif', ['order_line', 'delivery_line']),
        ('quality', ['invoice_line']),
        ('payment', ['receivable', 'receipt']),
        ('role_coverage', ['contact', 'activity', 'activity_participant']),
        ('thread_depth', ['contact', 'activity', 'activity_participant']),
        ('voice', ['survey_response']),
        ('plan_execution', ['account_plan', 'plan_item'])
    ) as input (component, entities)

),

feed as (

    select * from {{ ref('int_entity__fed') }}

)

select
    behind.component,
    bool_and(coalesce(feed.is_supplied, false)) as is_supplied,
    bool_or(coalesce(feed.is_late, false)) as is_late
from behind
left join feed on behind.entity = feed.entity
group by behind.component
