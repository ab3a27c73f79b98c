{# An amount at a rate, rounded to cents half away from zero; NULL without a rate. Ten decimals, or it would be rounded twice. #}
{% macro at_rate(amount, rate) -%}
cast(round(cast({{ amount }} as decimal(26, 10)) * cast({{ rate }} as decimal(20, 12)), 2) as decimal(18, 2))
{%- endmacro %}

{# The same for an amount with more than ten decimals: exact where the rate is 1. #}
{% macro exactly_at_rate(amount, rate) -%}
case
        when {{ rate }} = 1 then cast(round({{ amount }}, 2) as decimal(18, 2))
        else {{ at_rate(amount, rate) }}
    end
{%- endmacro %}

{# The sum of a column, NULL where any of its rows is NULL: a cell with an unknown part is unknown. #}
{% macro complete_sum(column) -%}
cast(case when count(*) = count({{ column }}) then sum({{ column }}) end as decimal(18, 2))
{%- endmacro %}

{# The column of account_pnl_monthly that a document type feeds; NULL for a cancellation, which takes its origin's. #}
{% macro pnl_column(document_type) -%}
case {{ document_type }}
        when 'INVOICE' then 'invoiced'
        when 'DEBIT_NOTE' then 'invoiced'
        when 'INTERCOMPANY' then 'invoiced'
        when 'CREDIT_NOTE' then 'returns_credits'
        when 'RETURN' then 'returns_credits'
        when 'REBATE' then 'trade_spend'
    end
{%- endmacro %}

{# The constant-rate date of a night: the one of company configuration, or 31 December of the year before. #}
{% macro constant_rate_date(night) -%}
{%- set configured = threshold('currency.constant_rate_date') -%}
{%- if configured == 'previous_year_end' -%}
make_date(cast(year({{ night }}) as integer) - 1, 12, 31)
{%- else -%}
cast('{{ configured }}' as date)
{%- endif -%}
{%- endmacro %}

{# A configured rate in the reporting currency; NULL where the company does not know it. #}
{% macro money_rate(key) -%}
{%- set rate = threshold(key) -%}
cast({{ 'null' if rate is none else rate }} as decimal(18, 6))
{%- endmacro %}

{# 'column:REASON' pairs of the columns that are NULL, in the order given; NULL when none is. #}
{% macro missing_pairs(columns, reason) -%}
nullif(concat_ws(
        ';'
        {%- for column in columns %},
        case when {{ column }} is null then '{{ column }}:{{ reason }}' end
        {%- endfor %}
    ), '')
{%- endmacro %}

{# Whether a closed-open row (valid_from_date, valid_to_date) holds on a day. #}
{% macro holds_on(relation, day) -%}
{{ day }} >= {{ relation }}.valid_from_date
        and ({{ relation }}.valid_to_date is null or {{ day }} < {{ relation }}.valid_to_date)
{%- endmacro %}

{# One measure of a cell from long rows (measure, amount): 0.00 without rows, NULL where a part is unknown. #}
{% macro cell_sum(measure) -%}
cast(case
        when count(*) filter (where measure = '{{ measure }}')
            = count(amount) filter (where measure = '{{ measure }}')
            then coalesce(sum(amount) filter (where measure = '{{ measure }}'), 0)
    end as decimal(18, 2))
{%- endmacro %}

{# The nights of portfolio snapshots, month ends and tonight, with the last whole month each of them knows. #}
{% macro portfolio_nights() -%}
select
    as_of_date,
    case
        when is_month_end then cast(date_trunc('month', as_of_date) as date)
        else cast(date_trunc('month', as_of_date) - interval 1 month as date)
    end as last_whole_month
from {{ source('control', 'night') }}
where is_month_end or is_tonight
{%- endmacro %}

{# What a line comes to: price x pieces x (1 - reduction), rounded once to cents. #}
{% macro reduced_amount(reduction='line.reduction') -%}
cast(round(cast(line.price as decimal(38, 6)) * line.pieces * (1 - {{ reduction }}), 2) as decimal(18, 2))
{%- endmacro %}
