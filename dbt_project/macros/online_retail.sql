{# Whether a stock code is goods: postage, fees, samples, discounts and adjustments have codes too. #}
{% macro online_retail_is_product(code) -%}
{{ code }} not in ('POST', 'DOT', 'M', 'D', 'S', 'C2', 'B', 'BANK CHARGES', 'AMAZONFEE', 'CRUK')
{%- endmacro %}
