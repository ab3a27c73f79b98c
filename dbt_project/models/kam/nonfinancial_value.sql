with fed as (

    select
        {{ is_supplied('opportunity') }}
        and exists (select * from {{ ref('opportunity') }} as named where named.reference_account_id is not null)
            as has_references,
        {{ is_supplied('survey_response') }} and {{ is_supplied('contact') }} as has_answers,
        (select min(response.responded_date) from {{ ref('survey_response') }} as response) as first_answer_date,
        {{ is_supplied('sell_out') }} as has_sell_out,
        {{ is_supplied('account_event') }} as has_events

),

joined as (

    select
        regarded.*,
        case when fed.has_references then coalesce(referred.reference_uses, 0) end as reference_uses,
        case when fed.has_references then coalesce(referred.reference_wins, 0) end as reference_wins,
        case when fed.has_references then coalesce(referred.reference_wins_unvalued, 0) end
            as reference_wins_unvalued,
        case
            when not fed.has_references then null
            when referred.group_id is null then 0
            else referred.business_reference_value_rc
        end as business_reference_value_rc,
        case when fed.has_references then referred.value_reason else 'NO_SOURCE' end as value_reason,
        case
            when not fed.has_answers then 'NO_SOURCE'
            when coalesce(regarded.last_date < fed.first_answer_date, true) then 'NO_HISTORY'
        end as answer_reason,
        answered.nps_respondents,
        answered.attitude,
        case
            when not fed.has_sell_out then 'NO_SOURCE'
            when regarded.is_finished and grown.group_id is null then 'NO_SOURCE'
            when regarded.is_finished then grown.sell_out_reason
            else 'NOT_DUE'
        end as sell_out_reason,
        case
            when not fed.has_sell_out then 'NO_SOURCE'
            when regarded.is_finished and grown.group_id is null then 'NO_SOURCE'
            when regarded.is_finished then grown.category_reason
            else 'NOT_DUE'
        end as category_reason,
        grown.sell_out_growth as told_sell_out_growth,
        grown.category_growth as told_category_growth,
        case
            when not fed.has_sell_out then 'NO_SOURCE'
            when regarded.is_finished and through.group_id is null then 'NO_SOURCE'
            when regarded.is_finished then 'TOO_FEW'
            else 'NOT_DUE'
        end as through_reason,
        through.sell_through_ratio,
        case when fed.has_events then coalesce(evidenced.joint_campaigns, 0) end as joint_campaigns,
        case when fed.has_events then coalesce(evidenced.image_evidence, 0) end as image_evidence
    from {{ ref('int_group_month__regarded') }} as regarded
    cross join fed
    {%- for name, model in {
        'referred': 'int_group_month__referred', 'answered': 'int_group_month__answered',
        'grown': 'int_group_month__grown', 'through': 'int_group_month__sold_through',
        'evidenced': 'int_group_month__evidenced'
    }.items() %}
    left join {{ ref(model) }} as {{ name }}
        on regarded.month = {{ name }}.month and regarded.group_id = {{ name }}.group_id
    {%- endfor %}

),

reasoned as (

    select
        *,
        {{ told_count('nps_respondents', 'answer_reason') }} as told_respondents,
        case when is_new then 'NEW' else sell_out_reason end as growth_reason,
        case when is_new then 'NEW' else category_reason end as market_reason,
        case when growth_reason is null then told_sell_out_growth end as sell_out_growth,
        case when market_reason is null then told_category_growth end as category_growth,
        coalesce({{ first_reason(['growth_reason', 'market_reason']) }}, growth_reason, market_reason, 'TOO_FEW')
            as pull_reason
    from joined

)

select
    month,
    group_id,
    reference_uses,
    reference_wins,
    reference_wins_unvalued,
    cast(business_reference_value_rc as decimal(18, 2)) as business_reference_value_rc,
    case when told_respondents >= {{ threshold('missing.nps_min_respondents') }} then attitude end
        as nps_decision_roles,
    told_respondents as nps_respondents,
    sell_out_growth,
    category_growth,
    (1 + sell_out_growth) / nullif(1 + category_growth, 0) as consumer_pull_index,
    sell_through_ratio,
    joint_campaigns,
    image_evidence,
    nullif(concat_ws(
        ';',
        {{ missing_pairs(['reference_uses', 'reference_wins', 'reference_wins_unvalued'], 'NO_SOURCE') }},
        {{ missing_pair('business_reference_value_rc', 'value_reason') }},
        case when nps_decision_roles is null then 'nps_decision_roles:' || coalesce(answer_reason, 'TOO_FEW') end,
        'nps_respondents:' || answer_reason,
        {{ missing_pair('sell_out_growth', 'growth_reason') }},
        {{ missing_pair('category_growth', 'market_reason') }},
        case when consumer_pull_index is null then {{ missing_pair('consumer_pull_index', 'pull_reason') }} end,
        case when sell_through_ratio is null then {{ missing_pair('sell_through_ratio', 'through_reason') }} end,
        {{ missing_pairs(['joint_campaigns', 'image_evidence'], 'NO_SOURCE') }}
    ), '') as missing_reason
from reasoned
