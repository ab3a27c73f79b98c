{# Business days and business hours, in the company's zone. #}

{# Whether a day counts as a business day, given the holiday that falls on it (or NULL). #}
{% macro is_business_day(day, holiday_date) -%}
{{ holiday_date }} is null
            and isodow({{ day }}) in ({{ threshold('calendar.business_weekdays') | join(', ') }})
{%- endmacro %}

{# Business time, in microseconds, up to a UTC timestamp; `day` is its row of int_business_day__counted. #}
{% macro business_time_until(at, day) -%}
{#- calendar.hours is HH:MM-HH:MM, as the configuration is read. -#}
{%- set hours = threshold('calendar.hours') -%}
{%- set opens = (hours[0:2] | int * 60 + hours[3:5] | int) * 60000000 -%}
{%- set closes = (hours[6:8] | int * 60 + hours[9:11] | int) * 60000000 -%}
{{ day }}.business_days_before * {{ closes - opens }}
        + case
            when {{ day }}.is_business_day
                then least({{ closes }}, greatest({{ opens }},
                    date_diff('microsecond', cast({{ day }}.calendar_date as timestamp), {{ local_moment(at) }})
                )) - {{ opens }}
            else 0
        end
{%- endmacro %}

{#
  Business hours between two UTC timestamps; 0 where the second is not after the first, NULL where one is NULL. The days are
  the rows of int_business_day__counted on the local dates of the two.
#}
{% macro business_hours(from_at, from_day, to_at, to_day) -%}
case
        when {{ to_at }} < {{ from_at }} then 0
        else (
            ({{ business_time_until(to_at, to_day) }})
            - ({{ business_time_until(from_at, from_day) }})
        ) / 3600000000.0
    end
{%- endmacro %}

{# The end of a business date as a UTC timestamp: the next local midnight. #}
{% macro end_of_date(day) -%}
{{ local_to_utc('cast(' ~ day ~ ' + 1 as timestamp)') }}
{%- endmacro %}
