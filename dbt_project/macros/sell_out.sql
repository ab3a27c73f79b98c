{#
  Sell-out and the same a year before, by group, measure and period, as a SELECT over rows of int_sell_out__measured: only what
  both years tell of an account, an item and a month is compared. `period` is an expression on current_year, published as `name`.
#}
{% macro sell_out_pairs(measured, period, name) -%}
select
        current_year.group_id,
        {{ period }} as {{ name }},
        current_year.measure,
        sum(current_year.amount_base) filter (where year_before.month is not null) as amount_base,
        sum(year_before.amount_base) as before_base
    from {{ measured }} as current_year
    left join {{ measured }} as year_before
        on
            current_year.account_id = year_before.account_id
            and current_year.measure = year_before.measure
            and current_year.item = year_before.item
            and year_before.month = cast(current_year.month - interval 1 year as date)
    group by all
{%- endmacro %}
