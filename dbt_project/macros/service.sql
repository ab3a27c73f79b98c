{# Measures of service: what a late or absent feed makes of them. #}

{#
  Why a feed cannot tell of a month: it never came (NO_SOURCE), the month lies before its first record (NO_HISTORY), or it does
  not reach the month's last day (STALE); NULL where it can. `feed` is a row of int_service_feed__reached.
#}
{% macro feed_reason(feed, month, last_date) -%}
case
        when not coalesce({{ feed }}.is_supplied, false) then 'NO_SOURCE'
        when coalesce({{ month }} < {{ feed }}.first_month, true) then 'NO_HISTORY'
        when {{ feed }}.reached_date < {{ last_date }} then 'STALE'
    end
{%- endmacro %}

{# A count, 0 without rows, NULL where there is a reason why it cannot be told. #}
{% macro told_count(column, reason) -%}
case when {{ reason }} is null then coalesce({{ column }}, 0) end
{%- endmacro %}

{# A part over a whole, NULL where the whole is zero or either is NULL. #}
{% macro told_ratio(part, whole) -%}
cast({{ part }} as double) / nullif(cast({{ whole }} as double), 0)
{%- endmacro %}

{# The reason that a wide table's missing_reason gives for one of its columns. #}
{% macro reason_of(column, missing_reason) -%}
nullif(regexp_extract({{ missing_reason }}, '(^|;){{ column }}:([A-Z_]+)', 2), '')
{%- endmacro %}

{# Whether a row of the account team holds on a day; valid_to is its last day. #}
{% macro team_holds_on(team, day) -%}
{{ team }}.valid_from <= {{ day }}
            and coalesce({{ team }}.valid_to >= {{ day }}, true)
{%- endmacro %}

{# The department of a person as written: in the team of the account, else the person's own. #}
{% macro person_department(team, person) -%}
coalesce(nullif(trim({{ team }}.department), ''), nullif(trim({{ person }}.department), ''))
{%- endmacro %}

{# First day of the whole months, service.count_window_months of them, that end with a month. #}
{% macro count_window_start(month) -%}
cast({{ month }} - interval {{ threshold('service.count_window_months') - 1 }} month as date)
{%- endmacro %}

{# Where what was used stands against what is allowed, the worse of count and money; nothing of nothing is within. #}
{% macro budget_status() -%}
{%- set near = threshold('exceptions.near') -%}
case
        when allowed_count is null then null
        when used_count > allowed_count or coalesce(used_rc > allowed_rc, false) then 'OVER'
        when used_count > 0 and used_count >= cast({{ near }} as decimal(5, 4)) * allowed_count then 'NEAR'
        when used_rc > 0 and coalesce(used_rc >= cast({{ near }} as decimal(5, 4)) * allowed_rc, false) then 'NEAR'
        else 'WITHIN'
    end
{%- endmacro %}

{# By how much an actual is worse than a target, by the comparator of the standard: negative is better. #}
{% macro worse_by(standard, actual, target) -%}
case {{ standard }}.comparator when '>=' then {{ target }} - {{ actual }} else {{ actual }} - {{ target }} end
{%- endmacro %}
