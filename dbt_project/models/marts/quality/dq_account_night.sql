{#- What each check looks at: column, limit, whether it fails, its feed (a late one leaves the answer open), severity, owner, money. -#}
{%- set checks = [
    ('no_activity_90d', 'days_without_activity', threshold('data_quality.no_activity_days'),
        'coalesce(observed > limit_value, true)', 'activity', 'is_invoiced and not is_pseudo_member', 'warning', 'Sales', 'net_revenue_rc'),
    ('no_contacts', 'n_contacts', 1, 'observed < limit_value', 'contact', 'not is_pseudo_member', 'warning', 'Sales', 'net_revenue_rc'),
    ('duplicate_suspect', 'duplicate_score', threshold('data_quality.duplicate_score'),
        'observed >= limit_value', none, 'not is_pseudo_member', 'warning', 'Sales', 'suspect_revenue_rc'),
    ('orphan_child', 'n_orphans', 0, 'observed > limit_value', none, 'not is_pseudo_member', 'warning', 'Sales', 'orphan_revenue_rc'),
    ('cycle_in_hierarchy', 'n_cycles', 0, 'observed > limit_value', none, 'not is_pseudo_member', 'critical', 'Sales', 'net_revenue_rc'),
    ('unmapped_customer', 'abs(net_revenue_rc)', 0, 'observed > limit_value', none, "group_id = 'UNMAPPED'", 'critical', 'Finance', 'net_revenue_rc'),
    ('stale_assessment', 'days_since_assessment', threshold('data_quality.stale_assessment_days'),
        'coalesce(observed > limit_value, true)', 'assessment', 'not is_pseudo_member', 'warning', 'Sales', 'net_revenue_rc'),
    ('no_wallet', 'cast(has_wallet as integer)', 1, 'observed < limit_value', 'wallet_estimate', 'not is_pseudo_member', 'warning', 'Sales', 'net_revenue_rc'),
    ('wallet_inconsistent', 'wallet_ratio', threshold('data_quality.wallet_inconsistent_above'),
        'coalesce(observed > limit_value, false) or is_rank_impossible', 'wallet_estimate', 'wallet_ratio is not null or is_rank_impossible', 'warning', 'Sales', 'net_revenue_rc'),
    ('feed_stale', 'n_late_feeds', 0, 'observed > limit_value', none, 'is_scored', 'critical', 'Other', 'net_revenue_rc'),
] -%}
with late as (

    select count(*) as n_late_feeds
    from {{ ref('int_entity__fed') }}
    where
        is_late
        and entity in (
            'invoice_line', 'wallet_estimate', 'order_line', 'delivery_line', 'receivable', 'receipt', 'contact', 'activity',
            'activity_participant', 'survey_response', 'account_plan', 'plan_item'
        )

),

measured as (

    select
        measured.*,
        late.n_late_feeds,
        scored.group_id is not null as is_scored
    from {{ ref('int_group_tonight__measured') }} as measured
    cross join late
    left join {{ ref('int_health_night__scored') }} as scored
        on measured.as_of_date = scored.as_of_date
        and measured.group_id = scored.group_id

),

fed as (

    select * from {{ ref('int_entity__fed') }}

),

checked as (

    {%- for check, column, limit, fails, feed, applies, severity, owner, money in checks %}
    select
        as_of_date,
        group_id,
        '{{ check }}' as check_id,
        '{{ severity }}' as severity,
        cast({{ column }} as double) as observed,
        cast({{ limit }} as double) as limit_value,
        {{ fails }} as is_broken,
        {% if feed %}(select fed.is_late from fed where fed.entity = '{{ feed }}'){% else %}false{% endif %} as is_open,
        {{ money }} as money_affected_rc,
        '{{ owner }}' as owner_department
    from measured
    where
        {{ applies }}
        {%- if feed %}
        and coalesce((select fed.is_supplied from fed where fed.entity = '{{ feed }}'), false)
        {%- endif %}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

)

select
    as_of_date,
    group_id,
    check_id,
    case when not coalesce(is_open, false) then is_broken end as is_failed,
    severity,
    observed,
    limit_value,
    money_affected_rc,
    owner_department
from checked
