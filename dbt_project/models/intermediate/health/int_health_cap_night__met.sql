with scored as (

    select * from {{ ref('int_health_night__scored') }}

),

fed as (

    select
        bool_or(is_supplied and not is_late) filter (where component = 'role_coverage') as has_contacts,
        bool_or(is_supplied) filter (where component = 'payment') as has_receivables
    from {{ ref('int_component__fed') }}

),

buyer as (

    select
        as_of_date,
        group_id,
        max(left_date) filter (
            where left_date <= as_of_date
            and left_date > as_of_date - {{ threshold('health.caps.BUYER_LEFT.window_days') }}
        ) as left_date,
        max(last_two_way_date) filter (where is_active) as last_two_way_date
    from {{ ref('int_contact_night__linked') }}
    where decision_role = 'economic_buyer'
    group by as_of_date, group_id

),

buyer_left as (

    select
        scored.as_of_date,
        scored.group_id,
        'BUYER_LEFT' as cap
    from scored
    cross join fed
    inner join buyer
        on
            scored.as_of_date = buyer.as_of_date
            and scored.group_id = buyer.group_id
    where
        fed.has_contacts
        and not scored.is_reconstructed
        and buyer.left_date is not null
        and coalesce(buyer.last_two_way_date <= buyer.left_date, true)

),

overdue as (

    select
        scored.as_of_date,
        scored.group_id,
        'OVERDUE' as cap
    from scored
    cross join fed
    inner join {{ ref('int_receivable_night__overdue') }} as balance
        on
            scored.as_of_date = balance.as_of_date
            and scored.group_id = balance.group_id
    inner join {{ ref('int_revenue_night__windowed') }} as revenue
        on
            scored.as_of_date = revenue.as_of_date
            and scored.group_id = revenue.group_id
    where
        fed.has_receivables
        and balance.overdue_rc > 0
        and balance.overdue_rc
        > cast({{ threshold('health.caps.OVERDUE.revenue_share') }} as decimal(5, 4))
        * greatest(0, revenue.net_revenue_t12m_rc)

),

met as (

    select * from buyer_left
    union all
    select * from overdue

)

select
    as_of_date,
    group_id,
    cap,
    case cap
        {%- for cap, rule in threshold('health.caps').items() %}
        when '{{ cap }}' then {{ rule.max }}
        {%- endfor %}
    end as max_points
from met
