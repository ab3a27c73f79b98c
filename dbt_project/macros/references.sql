{# Which column of an entity names which record: (entity, column, parent entity, key of the parent, money at stake). #}
{% macro references() -%}
{{ return([
    ('invoice_line', 'customer_id', 'customer', 'customer_id', 'net_amount_base'),
    ('order_line', 'customer_id', 'customer', 'customer_id', 'net_amount_base'),
    ('delivery_line', 'order_id', 'order_line', 'order_id', none),
    ('receivable', 'customer_id', 'customer', 'customer_id', 'amount_base'),
    ('receipt', 'receivable_id', 'receivable', 'receivable_id', 'amount_base'),
    ('customer_cost', 'customer_id', 'customer', 'customer_id', 'amount_base'),
    ('policy_exception', 'customer_id', 'customer', 'customer_id', 'cost_base'),
    ('contact', 'account_id', 'account', 'account_id', none),
    ('account_team', 'account_id', 'account', 'account_id', none),
    ('activity', 'account_id', 'account', 'account_id', none),
    ('opportunity', 'account_id', 'account', 'account_id', none),
    ('case', 'account_id', 'account', 'account_id', none),
    ('account_plan', 'account_id', 'account', 'account_id', none),
    ('plan_item', 'plan_id', 'account_plan', 'plan_id', none),
]) }}
{%- endmacro %}
