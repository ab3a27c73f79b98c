{%- set default_minutes = threshold('cost_to_serve.default_minutes') -%}
with run as (

    select * from {{ source('control', 'run') }}

),

participant as (

    select activity_id, count(*) as n_ours
    from {{ ref('activity_participant') }}
    where party_kind = 'person'
    group by activity_id

),

activity_time as (

    select
        activity.account_id,
        {{ local_date('activity.happened_at') }} as fact_date,
        greatest(coalesce(participant.n_ours, 1), 1) * coalesce(
            activity.duration_minutes,
            case activity.activity_type
                {%- for activity_type, minutes in default_minutes.items() %}
                when '{{ activity_type }}' then {{ minutes }}
                {%- endfor %}
                else {{ default_minutes['other'] }}
            end
        ) as minutes
    from {{ ref('activity') }} as activity
    left join participant on activity.activity_id = participant.activity_id

),

priced as (

    select
        account_id,
        fact_date,
        cast(round(cast(
            minutes * {{ money_rate('cost_to_serve.activity_hour_rate') }} / 60 as decimal(18, 6)
        ), 2) as decimal(18, 2)) as amount_rc
    from activity_time
    union all
    select
        account_id,
        {{ local_date('opened_at') }} as fact_date,
        cast(round({{ money_rate('cost_to_serve.case_rate') }}, 2) as decimal(18, 2)) as amount_rc
    from {{ ref('case') }}

)

select
    cast(date_trunc('month', priced.fact_date) as date) as month,
    coalesce(account.group_id, 'UNMAPPED') as group_id,
    coalesce(membership.group_id, account.group_id, 'UNMAPPED') as group_id_as_was,
    coalesce(group_company.company_code, '*') as company_code,
    {{ complete_sum('priced.amount_rc') }} as amount_rc
from priced
inner join run on priced.fact_date <= run.as_of_date
left join {{ ref('int_account__grouped') }} as account
    on account.account_kind = 'crm_account'
    and priced.account_id = account.account_key
left join {{ ref('int_account__membership') }} as membership
    on membership.account_kind = 'crm_account'
    and priced.account_id = membership.account_key
    and {{ holds_on('membership', 'priced.fact_date') }}
left join {{ ref('int_group_company__dated') }} as group_company
    on coalesce(account.group_id, 'UNMAPPED') = group_company.group_id
    and {{ holds_on('group_company', 'priced.fact_date') }}
group by all
