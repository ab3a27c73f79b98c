{%- set suggested_from = 0.5 -%}
with run as (

    select * from {{ source('control', 'run') }}

),

crosswalk as (

    {{ crosswalk_decisions() }}

),

group_money as (

    select
        day_money.group_id,
        {{ complete_sum('day_money.net_revenue_rc') }} as net_revenue_rc
    from {{ ref('int_group_day__money') }} as day_money
    inner join run on day_money.posting_date between run.as_of_date - 364 and run.as_of_date
    group by day_money.group_id

),

record as (

    select
        identified.record_key,
        identified.account_kind,
        identified.account_key,
        identified.account_name,
        earned.customer_id is not null as has_revenue,
        earned.net_revenue_t12m_rc,
        group_money.group_id is not null as has_group_revenue,
        group_money.net_revenue_rc as group_net_revenue_rc
    from {{ ref('int_account__identified') }} as identified
    inner join {{ ref('int_account__assigned') }} as assigned on identified.record_key = assigned.record_key
    left join {{ ref('int_customer__earned') }} as earned
        on identified.account_kind = 'erp_customer'
        and identified.account_key = earned.customer_id
    left join group_money on assigned.group_id = group_money.group_id

),

pair as (

    select distinct left_key, right_key, left_group_id, right_group_id, is_same_domain, is_same_city, is_same_tax_root
    from {{ ref('int_account_pair__blocked') }}

),

-- What one side is worth: its group where the pair stands for two groups, else the record itself.
sided as (

    select
        pair.*,
        {%- for side in ('left', 'right') %}
        {{ side }}_record.account_key as {{ side }}_id,
        {{ side }}_record.account_kind as {{ side }}_kind,
        {{ side }}_record.account_name as {{ side }}_name,
        case
            when pair.left_group_id <> pair.right_group_id and {{ side }}_record.has_group_revenue
                then {{ side }}_record.group_net_revenue_rc
            when pair.left_group_id = pair.right_group_id and {{ side }}_record.has_revenue
                then {{ side }}_record.net_revenue_t12m_rc
            else 0
        end as {{ side }}_money_rc{{ ',' if not loop.last }}
        {%- endfor %}
    from pair
    inner join record as left_record on pair.left_key = left_record.record_key
    inner join record as right_record on pair.right_key = right_record.record_key

),

decided as (

    select
        sided.left_id,
        sided.right_id,
        sided.left_kind,
        sided.right_kind,
        sided.left_name,
        sided.right_name,
        score.match_score,
        score.name_similarity,
        sided.is_same_domain,
        sided.is_same_city,
        sided.is_same_tax_root,
        case
            when sided.left_money_rc is not null and sided.right_money_rc is not null
                then cast(least(sided.left_money_rc, sided.right_money_rc) as decimal(18, 2))
        end as money_affected_rc,
        least(sided.left_group_id, sided.right_group_id) as one_group_id,
        greatest(sided.left_group_id, sided.right_group_id) as other_group_id,
        coalesce(crosswalk.decision, 'pending') as decision
    from sided
    inner join {{ source('scores', 'account_pair') }} as score
        on sided.left_key = score.left_key
        and sided.right_key = score.right_key
    left join crosswalk
        on sided.left_id = crosswalk.left_id
        and sided.right_id = crosswalk.right_id

),

told_apart as (

    select distinct one_group_id, other_group_id
    from decided
    where decision = 'rejected'

),

-- One suggestion for two groups is enough, and none where an analyst has told them apart.
suggested as (

    select decided.*
    from decided
    left join told_apart
        on decided.one_group_id = told_apart.one_group_id
        and decided.other_group_id = told_apart.other_group_id
    where
        decided.match_score >= {{ suggested_from }}
        and (decided.decision <> 'pending' or told_apart.one_group_id is null)
    qualify
        decided.decision <> 'pending'
        or row_number() over (
            partition by decided.one_group_id, decided.other_group_id, decided.decision
            order by
                decided.match_score desc nulls last,
                decided.name_similarity desc nulls last,
                decided.left_id asc nulls last,
                decided.right_id asc nulls last,
                decided.left_kind asc nulls last,
                decided.right_kind asc nulls last
        ) = 1

)

select * exclude (one_group_id, other_group_id) from suggested
qualify
    row_number() over (
        partition by left_id, right_id
        order by match_score desc nulls last, left_kind asc nulls last, right_kind asc nulls last
    ) = 1
