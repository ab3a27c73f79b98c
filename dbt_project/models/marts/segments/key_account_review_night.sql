{%- set scores = ['impact', 'appetite', 'negotiation', 'strategic_importance', 'difficulty'] -%}
with recommended as (

    select
        *,
        case
            when reason in ('MAJOR_CLIENT', 'POTENTIAL_AND_APPETITE') then true
            when reason in ('LOST', 'LOW_POTENTIAL', 'NO_APPETITE') then false
        end as is_recommended,
        case reason
            when 'NEW' then 'NEW'
            when 'NO_WALLET' then coalesce(regexp_extract(segment_missing, 'potential_value_rc:([A-Z_]+)', 1), '')
            when 'NO_ASSESSMENT' then coalesce(regexp_extract(segment_missing, 'appetite_score:([A-Z_]+)', 1), '')
        end as open_reason
    from {{ ref('int_group_night__judged') }}

)

select
    as_of_date,
    group_id,
    is_key_account,
    is_recommended,
    case
        when is_recommended is null then 'UNDECIDED'
        when is_recommended then case when coalesce(is_key_account, false) then 'KEEP' else 'ADD' end
        when coalesce(is_key_account, false) then 'REMOVE'
        else 'STAY_OUT'
    end as finding,
    potential_tier,
    {{ scores | join(',\n    ') }},
    revenue_share,
    reason,
    decided_by,
    decided_date,
    nullif(concat_ws(
        ';',
        case when is_key_account is null then 'is_key_account:NO_SOURCE' end,
        case when is_recommended is null then 'is_recommended:' || coalesce(nullif(open_reason, ''), 'TOO_FEW') end,
        {%- for score in scores %}
        case when {{ score }} is null then '{{ score }}:' || {{ score }}_reason end,
        {%- endfor %}
        case when revenue_share is null then 'revenue_share:' || share_reason end
    ), '') as missing_reason
from recommended
