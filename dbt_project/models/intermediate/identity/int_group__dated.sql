with customer_fact as (

    select customer_id as account_key, created_date as fact_date from {{ ref('customer') }}
    union all
    select customer_id as account_key, posting_date as fact_date from {{ ref('invoice_line') }}
    union all
    select customer_id as account_key, ordered_date as fact_date from {{ ref('order_line') }}

),

account_fact as (

    select account_id as account_key, key_account_from as fact_date from {{ ref('account') }}
    union all
    select account_id as account_key, valid_from as fact_date from {{ ref('account_team') }}
    union all
    select account_id as account_key, {{ local_date('happened_at') }} as fact_date
    from {{ ref('activity') }}
    union all
    select account_id as account_key, created_date as fact_date from {{ ref('opportunity') }}
    union all
    select account_id as account_key, created_date as fact_date from {{ ref('contact') }}
    union all
    select account_id as account_key, start_date as fact_date from {{ ref('account_plan') }}
    union all
    select account_id as account_key, assessed_date as fact_date from {{ ref('assessment') }}
    union all
    select account_id as account_key, estimated_date as fact_date
    from {{ ref('wallet_estimate') }}
    union all
    select account_id as account_key, decided_date as fact_date
    from {{ ref('programme_decision') }}

),

fact as (

    select 'erp_customer' as account_kind, account_key, min(fact_date) as fact_date
    from customer_fact
    group by account_key
    union all
    select 'crm_account' as account_kind, account_key, min(fact_date) as fact_date
    from account_fact
    group by account_key

)

select
    member.group_id,
    min(fact.fact_date) as first_known_date
from fact
inner join {{ ref('int_account__grouped') }} as member
    on fact.account_kind = member.account_kind
    and fact.account_key = member.account_key
where fact.fact_date is not null
group by member.group_id
