{# A value of config/metrics.yml by its dotted key, e.g. threshold('concentration.abc')[0]. #}
{% macro threshold(key) %}
    {%- set found = namespace(value=var('metrics')) -%}
    {%- for part in key.split('.') -%}
        {%- if part not in found.value -%}
            {{ exceptions.raise_compiler_error("config/metrics.yml has no key '" ~ key ~ "'") }}
        {%- endif -%}
        {%- set found.value = found.value[part] -%}
    {%- endfor -%}
    {{ return(found.value) }}
{% endmacro %}
