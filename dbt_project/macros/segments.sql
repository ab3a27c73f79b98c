{# What of config/metrics.yml makes a review decide every client again, and what makes it draw new cuts. #}

{% macro segment_rules_hash() -%}
'{{ local_md5(tojson(
    [threshold('segmentation'), threshold('potential.confidence'), threshold('assessment'), threshold('missing')],
    sort_keys=true
)) }}'
{%- endmacro %}

{% macro segment_cuts_hash() -%}
'{{ local_md5(tojson(
    [threshold('segmentation.potential_percentiles'), threshold('potential.confidence')], sort_keys=true
)) }}'
{%- endmacro %}

{# The better of the service profiles of a group of rows, NULL without any. #}
{% macro best_profile(column) -%}
arg_min({{ column }}, list_position(['PARTNER', 'DEVELOP', 'EFFICIENT', 'TRANSACTIONAL', 'NEW'], {{ column }}))
    filter (where {{ column }} is not null)
{%- endmacro %}

{# A score in whole billionths: a weighted mean of equal scores may miss a level by one bit. #}
{% macro billionths(score) -%}
cast(round(coalesce({{ score }}, 0) * 1000000000) as bigint)
{%- endmacro %}

{# The tier of a potential against cuts, without hysteresis. #}
{% macro potential_tier(value, first_cut, second_cut) -%}
case
        when {{ value }} is null or {{ first_cut }} is null or {{ second_cut }} is null then 'P?'
        when {{ value }} >= {{ first_cut }} then 'P1'
        when {{ value }} >= {{ second_cut }} then 'P2'
        else 'P3'
    end
{%- endmacro %}

{# Our sales of a category in the year to a day, from the running totals at both ends; NULL where a line has no rate. #}
{% macro sold_between(later, earlier) -%}
case
            when coalesce({{ later }}.n_unconverted_to_date, 0) = coalesce({{ earlier }}.n_unconverted_to_date, 0)
                then coalesce({{ later }}.sold_to_date_rc, 0) - coalesce({{ earlier }}.sold_to_date_rc, 0)
        end
{%- endmacro %}

{# What a score still weighs at an age in days: half in a year, half without evidence, nothing beyond its shelf life. #}
{% macro assessment_weight(age_days, relation) -%}
case
            when {{ age_days }} > {{ threshold('missing.assessment_max_age_days') }} then 0.0
            else pow(0.5, ({{ age_days }}) / {{ threshold('missing.assessment_half_life_days') }})
                * case
                    when coalesce({{ relation }}.evidence_activity_id, {{ relation }}.evidence_note_id) is not null then 1.0
                    else {{ threshold('assessment.unsupported_weight') }}
                end
        end
{%- endmacro %}

{# What of a wallet we do not sell, not below 0; NULL where either is unknown. #}
{% macro headroom(wallet, covered) -%}
case when {{ wallet }} - {{ covered }} is not null then greatest(0, {{ wallet }} - {{ covered }}) end
{%- endmacro %}

{# How far a potential is from the cut nearest to it in money, in bands; on a tie from the higher one. #}
{% macro boundary_distance(value, cut) -%}
{%- set nearest -%}
case
        when abs({{ value }} - {{ cut }}.first_cut_rc) <= abs({{ value }} - {{ cut }}.second_cut_rc)
            then {{ cut }}.first_cut_rc
        else {{ cut }}.second_cut_rc
    end
{%- endset -%}
cast({{ value }} - {{ nearest }} as double)
    / nullif({{ threshold('segmentation.hysteresis.band') }} * cast({{ nearest }} as double), 0)
{%- endmacro %}
