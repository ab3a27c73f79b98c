{%- set abc = threshold('concentration.abc') -%}
{%- set xyz = threshold('concentration.xyz_variation') -%}
with ranked as (

    select * from {{ ref('int_client_night__ranked') }}
    where scope = 'company'

),

described as (

    select
        ranked.*,
        ranked.cumulative_positive_rc - ranked.positive_rc as before_rc,
        coalesce(attributes.lifecycle = 'new', false) as is_new,
        case
            when coalesce(attributes.lifecycle, '') <> 'new' then varied.variation_coefficient
        end as variation_coefficient
    from ranked
    left join {{ ref('int_client_night__varied') }} as varied
        on ranked.as_of_date = varied.as_of_date
        and ranked.group_id = varied.group_id
        and ranked.measure = varied.measure
    left join {{ ref('int_group_day__attributes') }} as attributes
        on ranked.as_of_date = attributes.day_date
        and ranked.group_id = attributes.group_id

),

classified as (

    select
        *,
        case
            when variation_coefficient < {{ xyz[0] }} then 'X'
            when variation_coefficient < {{ xyz[1] }} then 'Y'
            when variation_coefficient is not null then 'Z'
        end as xyz_class,
        case
            when own_value_rc <= 0 then 'D'
            when before_rc < {{ abc[0] }} * total_positive_rc then 'A'
            when before_rc < {{ abc[1] }} * total_positive_rc then 'B'
            when value_rc > 0 then 'C'
        end as abc_class
    from described

),

shown as (

    select
        as_of_date,
        group_id,
        measure,
        not is_month_end as is_to_date,
        is_new,
        own_value_rc as value_rc,
        case when value_rc is not null then rank_number end as rank_number,
        case
            when own_value_rc <= 0 then 0
            else cast(value_rc as double) / cast(total_positive_rc as double)
        end as share,
        case
            when own_value_rc <= 0 then 1
            when value_rc > 0
                then cast(cumulative_positive_rc as double) / cast(total_positive_rc as double)
        end as cumulative_share,
        abc_class,
        xyz_class,
        variation_coefficient
    from classified

)

select
    as_of_date,
    group_id,
    measure,
    is_to_date,
    value_rc,
    rank_number,
    share,
    cumulative_share,
    abc_class,
    xyz_class,
    variation_coefficient,
    nullif(concat_ws(
        ';',
        {{ missing_pairs(['value_rc', 'rank_number', 'share', 'cumulative_share', 'abc_class'], 'NO_SOURCE') }},
        case
            when is_new then 'xyz_class:NEW;variation_coefficient:NEW'
            when value_rc is not null
                then {{ missing_pairs(['xyz_class', 'variation_coefficient'], 'TOO_FEW') }}
            else {{ missing_pairs(['xyz_class', 'variation_coefficient'], 'NO_SOURCE') }}
        end
    ), '') as missing_reason
from shown
