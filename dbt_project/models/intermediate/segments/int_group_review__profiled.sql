with levelled as (

    select * from {{ ref('int_group_review__levelled') }}

),

rule as (

    {%- for rule in threshold('segmentation.profile_rules') %}
    select
        {{ loop.index }} as rule_rank,
        '{{ rule.profile }}' as service_profile,
        {{ text_list(rule.get('tier')) }} as tiers,
        {{ text_list(rule.get('appetite')) }} as appetites,
        {{ text_list(rule.get('impact')) }} as impacts
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

matched as (

    select
        levelled.*,
        case when levelled.is_new then 'NEW' else rule.service_profile end as rule_profile
    from levelled
    left join rule
        on
            (rule.tiers is null or list_contains(rule.tiers, levelled.tier))
            and (rule.appetites is null or list_contains(rule.appetites, levelled.appetite))
            and (rule.impacts is null or list_contains(rule.impacts, levelled.impact))
    qualify
        row_number() over (partition by levelled.group_id order by rule.rule_rank nulls last) = 1

),

reasoned as (

    select
        *,
        case
            when potential_value_rc is not null then null
            when not {{ is_supplied('wallet_estimate') }} then 'NO_SOURCE'
            when is_wallet_estimated then 'STALE'
            else 'NO_SOURCE'
        end as potential_reason,
        case
            when appetite_score is not null then null
            when is_appetite_assessed then 'STALE'
            else 'NO_SOURCE'
        end as appetite_reason,
        case
            when impact_score is not null then null
            when is_impact_assessed then 'STALE'
            else 'NO_SOURCE'
        end as impact_reason
    from matched

)

select
    reasoned.group_id,
    reasoned.first_known_date,
    case
        when reasoned.is_new then 'NEW'
        else concat_ws('-', reasoned.tier, reasoned.appetite, reasoned.impact)
    end as segment_code,
    coalesce(overridden.service_profile, reasoned.rule_profile) as service_profile,
    coalesce(overridden.service_profile <> reasoned.rule_profile, false) as is_overridden,
    coalesce(overridden.decided_by_person_id, 'rule') as decided_by,
    reasoned.potential_value_rc,
    reasoned.appetite_score,
    reasoned.impact_score,
    case
        when not reasoned.is_new and reasoned.tier <> 'P?'
            then
                cast(reasoned.potential_value_rc - reasoned.nearest_cut_rc as double)
                / nullif(
                    {{ threshold('segmentation.hysteresis.band') }}
                    * cast(reasoned.nearest_cut_rc as double),
                    0
                )
    end as boundary_distance,
    nullif(
        concat_ws(
            ';',
            {{ missing_pair('potential_value_rc', 'reasoned.potential_reason') }},
            {{ missing_pair('appetite_score', 'reasoned.appetite_reason') }},
            {{ missing_pair('impact_score', 'reasoned.impact_reason') }}
        ),
        ''
    ) as missing_reason
from reasoned
left join {{ ref('int_group_review__overridden') }} as overridden
    on reasoned.group_id = overridden.group_id
