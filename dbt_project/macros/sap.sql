{# How SAP stores values, as they leave its database: dots, no thousands, a minus behind the figure, dates as digits. #}

{# A key without the zeros that fill it up to its length; they go only where all is digits. Zeros alone are empty. #}
{% macro sap_key(column) -%}
case
    when regexp_full_match(trim({{ column }}), '[0-9]+') then nullif(ltrim(trim({{ column }}), '0'), '')
    else nullif(trim({{ column }}), '')
end
{%- endmacro %}

{# '<source>:<part>-<part>', NULL where any part is missing: half a key may be the key of another record. #}
{% macro sap_id(parts, within=none) -%}
'{{ source_system() }}:'
{%- if within %} || {{ text(within) }} || '-'{% endif %}
{%- for part in ([parts] if parts is string else parts) %}
|| {{ "'-' || " if not loop.first }}{{ sap_key(part) }}
{%- endfor %}
{%- endmacro %}

{# 1234.56, 1234.56- #}
{% macro sap_decimal(column, type='decimal(18, 2)') -%}
{{ parsed_decimal(column, type=type) }}
{%- endmacro %}

{# 20260402; 00000000 is empty. #}
{% macro sap_date(column) -%}
{{ parsed_date(column, '%Y%m%d') }}
{%- endmacro %}

{# The text of a date, for first_reject: zeros are empty there too. #}
{% macro sap_dated(column) -%}
nullif(trim({{ column }}), '00000000')
{%- endmacro %}

{# X is true, a blank is false. #}
{% macro sap_flag(column) -%}
coalesce(upper(trim({{ column }})) = 'X', false)
{%- endmacro %}

{# The start of a rate: stored as 99999999 less its date, so that the newest comes first. #}
{% macro sap_inverted_date(column) -%}
cast(try_strptime(
        lpad(cast(99999999 - {{ parsed_integer(column) }} as varchar), 8, '0'), '%Y%m%d'
    ) as date)
{%- endmacro %}

{# Units of the second currency for one of the first; a negative rate is the other way round, zero is none. #}
{% macro sap_rate(rate, ratio) -%}
case
        when {{ rate }} > 0 then {{ rate }} * coalesce({{ ratio }}, 1)
        when {{ rate }} < 0 then coalesce({{ ratio }}, 1) / -({{ rate }})
    end
{%- endmacro %}

{# A quantity in the product's own unit; the document counts in the unit it was sold in. #}
{% macro sap_base_quantity(quantity, relation) -%}
cast(
        {{ quantity }}
        * coalesce(nullif({{ sap_decimal(relation ~ '.UMVKZ', 'decimal(9, 0)') }}, 0), 1)
        / coalesce(nullif({{ sap_decimal(relation ~ '.UMVKN', 'decimal(9, 0)') }}, 0), 1)
    as decimal(18, 4))
{%- endmacro %}

{# By what to multiply stored amounts of a currency, which all have two decimals: 100 for the yen, which has none. #}
{% macro sap_currency_scale(tcurx) -%}
select
        trim(CURRKEY) as currency,
        max(case {{ parsed_integer('CURRDEC') }}
            when 0 then 100.0 when 1 then 10.0 when 3 then 0.1 when 4 then 0.01 when 5 then 0.001 else 1.0
        end) as scale
    from {{ tcurx }}
    where not _is_deleted
    group by trim(CURRKEY)
{%- endmacro %}

{# Companies with the currency of their books and its scale. #}
{% macro sap_company(t001, tcurx) -%}
select
        {{ text('company.BUKRS') }} as code,
        max({{ text('company.WAERS') }}) as currency,
        coalesce(max(scaled.scale), 1.0) as scale
    from {{ t001 }} as company
    left join ({{ sap_currency_scale(tcurx) }}) as scaled on trim(company.WAERS) = scaled.currency
    where not company._is_deleted
    group by {{ text('company.BUKRS') }}
{%- endmacro %}

{# For how many units a rate of type M is quoted (1 real for 100 yen), by the date from which it is. #}
{% macro sap_ratio(tcurf) -%}
select
        trim(FCURR) as from_currency,
        trim(TCURR) as to_currency,
        {{ sap_inverted_date('GDATU') }} as valid_from,
        max({{ sap_decimal('TFACT', 'decimal(9, 0)') }} / nullif({{ sap_decimal('FFACT', 'decimal(9, 0)') }}, 0))
            as ratio
    from {{ tcurf }}
    where not _is_deleted and trim(KURST) = 'M'
    group by trim(FCURR), trim(TCURR), {{ sap_inverted_date('GDATU') }}
{%- endmacro %}

{# Rates of type M, units of the second currency for one of the first, by the date from which they hold. #}
{% macro sap_daily_rate(tcurr, tcurf) -%}
select
        quoted.rate_date,
        quoted.from_currency,
        quoted.to_currency,
        quoted.native_date,
        quoted.native_rate,
        cast({{ sap_rate('quoted.quote', 'ratio.ratio') }} as decimal(18, 6)) as rate,
        quoted._delivery_id,
        quoted._file_row,
        quoted._extract_date
    from (
        select
            *,
            {{ sap_inverted_date('GDATU') }} as rate_date,
            trim(FCURR) as from_currency,
            trim(TCURR) as to_currency,
            GDATU as native_date,
            UKURS as native_rate,
            {{ sap_decimal('UKURS', 'decimal(18, 5)') }} as quote
        from {{ tcurr }}
        where not _is_deleted and trim(KURST) = 'M'
    ) as quoted
    asof left join ({{ sap_ratio(tcurf) }}) as ratio
        on quoted.from_currency = ratio.from_currency
        and quoted.to_currency = ratio.to_currency
        and quoted.rate_date >= ratio.valid_from
    where coalesce(quoted.quote, 1) <> 0
{%- endmacro %}

{#
  Items on customer accounts, open (BSID) and cleared (BSAD), in company currency, debit positive. An item that moved from
  one table to the other counts where it was seen last. Noted items (BSTAT S) are no postings.
#}
{% macro sap_customer_item(bsid, bsad, company) -%}
select
        posted.*,
        {{ sap_id(['BELNR', 'GJAHR', 'BUZEI'], within='BUKRS') }} as item_id,
        case when {{ text('REBZG') }} <> 'V' then {{ sap_id(['REBZG', 'REBZJ', 'REBZZ'], within='BUKRS') }} end
            as invoice_item_id,
        coalesce(trim(REBZT) = 'Z', false) as is_partial_payment,
        {{ sap_key('REBZG') }} is null and ({{ sap_flag('XZAHL') }} or coalesce(trim(BLART) = 'DZ', false))
            as is_payment,
        {{ sap_date('BUDAT') }} as posting_date,
        case when is_cleared then {{ sap_date('AUGDT') }} end as cleared_date,
        cast(
            {{ sap_decimal('DMBTR') }} * coalesce(company.scale, 1)
            * case trim(SHKZG) when 'S' then 1 when 'H' then -1 end
        as decimal(18, 2)) as amount_base
    from (
        select *, 'BSID' as _extract_name, false as is_cleared from {{ bsid }}
        union all by name
        select *, 'BSAD' as _extract_name, true as is_cleared from {{ bsad }}
    ) as posted
    left join {{ company }} as company on {{ text('posted.BUKRS') }} = company.code
    where not posted._is_deleted and coalesce(trim(BSTAT), '') <> 'S'
    qualify
        row_number() over (
            partition by coalesce(item_id, _extract_name || _delivery_id || _file_row)
            order by _extract_date desc nulls last, is_cleared desc, _delivery_id desc nulls last, _file_row nulls last
        ) = 1
{%- endmacro %}

{# A payment that was posted and cleared on one day is only a settlement; one that waits is money owed to the client. #}
{% macro sap_is_receivable(relation) -%}
not {{ relation }}.is_partial_payment
    and not ({{ relation }}.is_payment and coalesce({{ relation }}.cleared_date <= {{ relation }}.posting_date, false))
{%- endmacro %}
