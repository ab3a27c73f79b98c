{%- set scores = ['impact', 'appetite', 'negotiation', 'strategic_importance', 'difficulty'] -%}
with listed as (

    select * from {{ ref('int_group_night__listed') }}

),

revenue as (

    select * from {{ ref('int_client_night__earned') }}

),

decision as (

    select * from {{ ref('int_group_night__enrolled') }}

),

supplied as (

    select {{ is_supplied('account') }} or {{ is_supplied('programme_decision') }} as has_programme

),

joined as (

    select
        listed.as_of_date,
        listed.group_id,
        case when supplied.has_programme then listed.is_key_account end as is_key_account,
        listed.lifecycle,
        segment.segment_code,
        split_part(segment.segment_code, '-', 2) as appetite_level,
        case
            when segment.segment_code <> 'NEW' then split_part(segment.segment_code, '-', 1)
            else potential.potential_tier
        end as potential_tier,
        segment.missing_reason as segment_missing,
        {%- for score in scores %}
        assessed.{{ score }}_score as {{ score }},
        case when assessed.group_id is null then 'NO_SOURCE' else assessed.{{ score }}_reason end as {{ score }}_reason,
        {%- endfor %}
        revenue.revenue_share,
        revenue.is_major,
        revenue.share_reason,
        decision.decided_by_person_id as decided_by,
        decision.decided_date
    from listed
    cross join supplied
    left join {{ ref('segment_history') }} as segment
        on listed.group_id = segment.group_id and {{ holds_on('segment', 'listed.as_of_date') }}
    left join {{ ref('account_potential_night') }} as potential
        on
            listed.as_of_date = potential.as_of_date
            and listed.group_id = potential.group_id
            and potential.category = 'ALL'
    left join {{ ref('int_group_day__assessed') }} as assessed
        on listed.as_of_date = assessed.day_date and listed.group_id = assessed.group_id
    left join revenue on listed.as_of_date = revenue.as_of_date and listed.group_id = revenue.group_id
    left join decision on listed.as_of_date = decision.as_of_date and listed.group_id = decision.group_id

)

select
    *,
    case
        when lifecycle = 'lost' then 'LOST'
        when is_major then 'MAJOR_CLIENT'
        when segment_code is null or segment_code = 'NEW' then 'NEW'
        when potential_tier = 'P?' then 'NO_WALLET'
        when potential_tier not in ('{{ threshold('programme.tiers') | join("', '") }}') then 'LOW_POTENTIAL'
        when appetite_level = 'NONE' then 'NO_APPETITE'
        when appetite_level = 'UNKNOWN' then 'NO_ASSESSMENT'
        else 'POTENTIAL_AND_APPETITE'
    end as reason
from joined
