{#- The main business date of every canonical entity that has one. -#}
{%- set business_date = {
    'account_event': 'event_date',
    'account_plan': 'start_date',
    'activity': local_date('happened_at'),
    'assessment': 'assessed_date',
    'case': local_date('opened_at'),
    'customer_cost': 'posting_date',
    'delivery_line': 'coalesce(delivered_date, shipped_date)',
    'environment_note': 'noted_date',
    'exchange_rate': 'rate_date',
    'invoice_line': 'posting_date',
    'ledger_balance': "last_day(cast(period || '-01' as date))",
    'list_price': 'valid_from',
    'manager_view': 'viewed_date',
    'opportunity': 'created_date',
    'order_line': 'ordered_date',
    'period_close': 'closed_date',
    'person_assessment': 'assessed_date',
    'plan_item': 'created_date',
    'policy_exception': local_date('requested_at'),
    'programme_decision': 'decided_date',
    'promotion': 'planned_start_date',
    'receipt': 'paid_date',
    'receivable': 'issued_date',
    'segment_override': 'decided_date',
    'sell_out': "last_day(cast(period || '-01' as date))",
    'standard_cost': 'valid_from',
    'survey_response': 'responded_date',
    'wallet_estimate': 'estimated_date',
} -%}
with fact as (

    {%- for entity, column in business_date.items() %}
    select source_system, '{{ entity }}' as entity, {{ column }} as business_date
    from {{ ref(entity) }}
    group by all
    {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    feed.source_system,
    feed.entity,
    max(fact.business_date) filter (where fact.business_date <= feed.last_extract_date)
        as data_through_date
from {{ ref('int_feed__delivered') }} as feed
inner join fact
    on
        feed.source_system = fact.source_system
        and feed.entity = fact.entity
group by feed.source_system, feed.entity
