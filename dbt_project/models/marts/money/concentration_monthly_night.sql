with ranked as (

    select * from {{ ref('int_client_night__ranked') }}

),

shared as (

    select
        *,
        cast(positive_rc as double) / nullif(cast(total_positive_rc as double), 0) as share,
        n_active - rank_number + 1 as ascending_number
    from ranked

),

measured as (

    select
        as_of_date,
        scope,
        measure,
        not is_month_end as is_to_date,
        n_active,
        max(share) as top1_share,
        max(cumulative_positive_rc) filter (where rank_number <= 5) as top5_rc,
        max(cumulative_positive_rc) filter (where rank_number <= 10) as top10_rc,
        max(cumulative_positive_rc) filter (where rank_number <= (n_active + 4) // 5) as top20pct_rc,
        min(rank_number) filter (where cumulative_positive_rc >= 0.80 * total_positive_rc) as pareto_number,
        sum(share * share order by rank_number) as squared_shares,
        sum((2 * ascending_number - n_active - 1) * positive_rc) filter (where value_rc > 0) as gini_mass,
        count(*) filter (
            where positive_rc >= {{ threshold('concentration.major_customer_share') }} * total_positive_rc
            and value_rc > 0
        ) as n_major,
        sum(case when value_rc < 0 then value_rc when value_rc >= 0 then 0 end) as negative_mass_rc,
        max(cumulative_rc) as peak_rc,
        total_positive_rc,
        total_rc,
        any_value(group_id) filter (where rank_number = 1 and value_rc > 0) as top1_group_id
    from shared
    group by as_of_date, scope, measure, is_month_end, n_active, total_positive_rc, total_rc

)

select
    measured.as_of_date,
    measured.scope,
    measured.measure,
    measured.is_to_date,
    measured.n_active,
    measured.top1_share,
    {%- for column in ['top5', 'top10', 'top20pct'] %}
    cast(measured.{{ column }}_rc as double) / nullif(cast(measured.total_positive_rc as double), 0)
        as {{ column }}_share,
    {%- endfor %}
    case
        when measured.n_active > 0 then cast(measured.pareto_number as double) / measured.n_active
    end as pareto80_share_of_accounts,
    10000 * measured.squared_shares as herfindahl_index,
    1 / nullif(measured.squared_shares, 0) as effective_n,
    cast(measured.gini_mass as double)
    / nullif(measured.n_active * cast(measured.total_positive_rc as double), 0) as gini,
    case when measured.n_active is not null then measured.n_major end as n_major,
    measured.negative_mass_rc,
    case
        when measured.measure = 'contribution_t12m' and measured.total_rc > 0
            then cast(measured.peak_rc as double) / cast(measured.total_rc as double)
    end as whale_peak_ratio,
    contribution.own_value_rc as loss_if_top1_leaves_rc
from measured
left join ranked as contribution
    on measured.as_of_date = contribution.as_of_date
    and measured.top1_group_id = contribution.group_id
    and contribution.scope = 'company'
    and contribution.measure = 'contribution_t12m'
