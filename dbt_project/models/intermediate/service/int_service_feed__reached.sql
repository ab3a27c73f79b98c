with behind as (

    select
        feed,
        unnest(entities) as entity
    from (
        values
        ('order', ['order_line', 'delivery_line']),
        ('credit_hold', ['order_line']),
        ('promotion', ['promotion']),
        ('invoice', ['invoice_line']),
        ('receivable', ['receivable', 'receipt']),
        ('case', ['case']),
        ('activity', ['activity', 'activity_participant']),
        ('account_event', ['account_event']),
        ('policy_exception', ['policy_exception'])
    ) as input (feed, entities)

),

-- Receipts follow receivables, participants their activities: they begin no feed.
begun as (

    select 'order_line' as entity, min(ordered_date) as first_date from {{ ref('order_line') }}
    union all
    select 'delivery_line' as entity, min(coalesce(shipped_date, delivered_date)) as first_date
    from {{ ref('delivery_line') }}
    union all
    select 'promotion' as entity, min(planned_start_date) as first_date from {{ ref('promotion') }}
    union all
    select 'invoice_line' as entity, min(posting_date) as first_date from {{ ref('invoice_line') }}
    union all
    select 'receivable' as entity, min(issued_date) as first_date from {{ ref('receivable') }}
    union all
    select 'case' as entity, {{ local_date('min(opened_at)') }} as first_date from {{ ref('case') }}
    union all
    select 'activity' as entity, {{ local_date('min(happened_at)') }} as first_date from {{ ref('activity') }}
    union all
    select 'account_event' as entity, min(event_date) as first_date from {{ ref('account_event') }}
    union all
    select 'policy_exception' as entity, {{ local_date('min(requested_at)') }} as first_date
    from {{ ref('policy_exception') }}

),

delivered as (

    select
        entity,
        bool_or(is_supplied) as is_supplied,
        min(
            case
                when status = 'FRESH' or expected_date is null then date '9999-12-31'
                else coalesce(last_extract_date, date '0001-01-01')
            end
        ) as reached_date
    from {{ ref('int_feed__delivered') }}
    group by entity

)

select
    behind.feed,
    bool_and(coalesce(delivered.is_supplied, false)) as is_supplied,
    cast(date_trunc('month', max(begun.first_date)) as date) as first_month,
    min(delivered.reached_date) as reached_date
from behind
left join begun on behind.entity = begun.entity
left join delivered on behind.entity = delivered.entity
group by behind.feed
