{#
  A staging SELECT over a table that already has the canonical columns, as text: typed by the contract of the entity.
  Ids get the prefix of their source unless they name one; dates are ISO, decimals have a dot, lists are joined by ';'.
  Rows without any value are not rows.
#}
{% macro canonical_text(entity, relation, yes=['true'], no=['false']) %}
{%- set columns = contract_columns(entity) -%}
with typed as (

    select
        {%- for column in columns %}
        {{ typed_text(entity, column, yes, no) }} as {{ column.name }},
        {{ column.name }} as _native_{{ column.name }},
        {%- endfor %}
        {{ lineage(entity) }}
    from {{ relation }}
    where
        not _is_deleted
        and coalesce({% for column in columns %}{{ text(column.name) }}, {% endfor %}null) is not null

)

select
    {%- for column in columns %}
    {{ column.name }},
    {%- endfor %}
    _extract_name,
    _delivery_id,
    _file_row,
    _extract_date,
    case
        {%- for column in columns if column.data_type != 'varchar[]' %}
        {%- set listed = closed_list(entity, column.name) %}
        {%- if column.data_type != 'varchar' or (listed and 'reason' in listed) %}
        when {{ text('_native_' ~ column.name) }} is not null and {{ column.name }} is null
            then {{ reject_code(listed.reason if listed else reject_reason(column.data_type), '_native_' ~ column.name) }} || ':{{ column.name }}'
        {%- endif %}
        {%- set range = value_range(column.name) %}
        {%- if range %}
        when {{ column.name }} not between {{ range[0] }} and {{ range[1] }} then 'RANGE:{{ column.name }}'
        {%- endif %}
        {%- endfor %}
        when false then ''
    end as _reject
from typed
{% endmacro %}

{# Name and type of the columns of an entity, in the order of its contract; known once dbt has read all files. #}
{% macro contract_columns(entity) -%}
{%- set columns = [] -%}
{%- if execute -%}
    {%- for column in graph.nodes['model.kam.' ~ entity].columns.values()
        if column.name not in ('source_system', 'extract_date', 'row_hash') -%}
        {%- do columns.append({'name': column.name, 'data_type': column.data_type}) -%}
    {%- endfor -%}
{%- endif -%}
{{ return(columns) }}
{%- endmacro %}

{# The text of one column as the type, id or listed value that its contract names. #}
{% macro typed_text(entity, column, yes, no) -%}
{%- set name = column.name -%}
{%- set listed = closed_list(entity, name) -%}
{%- set own_names = ['tax_id', 'item_id', 'line_id', 'order_line_id', 'delivery_line_id', 'origin_line_id', 'cancels_line_id'] -%}
{%- if listed -%}
case
    when {{ 'upper' if listed['values'][0] | upper == listed['values'][0] else 'lower' }}({{ text(name) }}) in ('{{ listed["values"] | join("', '") }}')
        then {{ 'upper' if listed['values'][0] | upper == listed['values'][0] else 'lower' }}({{ text(name) }})
    {%- if listed.fallback %}
    when {{ text(name) }} is not null then '{{ listed.fallback }}'
    {%- endif %}
end
{%- elif column.data_type == 'date' -%}
{{ parsed_iso_date(name) }}
{%- elif column.data_type == 'timestamp' -%}
{{ parsed_utc(name, var('company').time_zone) }}
{%- elif column.data_type == 'boolean' -%}
{{ parsed_boolean(name, yes, no) }}
{%- elif column.data_type == 'varchar[]' -%}
{{ parsed_list(name, as_id=true) }}
{%- elif column.data_type == 'double' -%}
{{ parsed_double(name) }}
{%- elif column.data_type == 'bigint' -%}
{{ parsed_integer(name) }}
{%- elif column.data_type.startswith('decimal') -%}
{{ parsed_decimal(name, type=column.data_type) }}
{%- elif name == 'tax_id' -%}
{{ tax_number(name) }}
{%- elif name.endswith('_id') and name not in own_names -%}
{{ any_id(name) }}
{%- else -%}
{{ text(name) }}
{%- endif -%}
{%- endmacro %}

{% macro reject_reason(data_type) -%}
{{ return('NUM_FORMAT' if data_type in ('double', 'bigint') or data_type.startswith('decimal') else 'TYPE') }}
{%- endmacro %}

{# Bounds of answers and scores. #}
{% macro value_range(name) -%}
{{ return({
    'score_1_5': [1, 5], 'nps': [0, 10], 'csat': [1, 5], 'view_0_100': [0, 100], 'reference_influence': [0, 1]
}.get(name)) }}
{%- endmacro %}

{#
  The closed list of a column, what stands for a value outside it (`fallback`, else NULL), or the `reason` for which
  such a row is set aside.
#}
{% macro closed_list(entity, name) -%}
{%- set lists = {
    'customer.tax_id_kind': {'values': ['cnpj', 'cpf', 'vat', 'other'], 'fallback': 'other'},
    'invoice_line.document_type': {
        'values': ['INVOICE', 'CREDIT_NOTE', 'RETURN', 'DEBIT_NOTE', 'REBATE', 'CANCELLATION', 'INTERCOMPANY'],
        'reason': 'UNKNOWN_TYPE'
    },
    'order_line.cancelled_by': {'values': ['client', 'company']},
    'customer_cost.cost_type': {
        'values': ['freight', 'expedite', 'rebate', 'bonus', 'co_op', 'return_handling']
    },
    'policy_exception.policy_area': {
        'values': [
            'price', 'payment_term', 'lead_time', 'minimum_order', 'returns', 'assortment', 'promotion', 'credit',
            'other'
        ],
        'fallback': 'other'
    },
    'policy_exception.decision': {
        'values': ['approved', 'rejected', 'withdrawn', 'pending'],
        'reason': 'UNKNOWN_TYPE'
    },
    'account_team.role': {
        'values': ['account_manager', 'seller', 'executive_sponsor', 'specialist', 'other'], 'fallback': 'other'
    },
    'contact.decision_role': {
        'values': [
            'economic_buyer', 'technical', 'user', 'procurement', 'champion', 'gatekeeper', 'blocker', 'unknown'
        ],
        'fallback': 'unknown'
    },
    'contact.support_level': {
        'values': ['mentor', 'supporter', 'neutral', 'non_supporter', 'opponent', 'unknown'], 'fallback': 'unknown'
    },
    'contact.work_style_code': {
        'values': ['analytical', 'driver', 'expressive', 'amiable', 'unknown'], 'fallback': 'unknown'
    },
    'contact.consent_basis': {'values': ['consent', 'legitimate_interest', 'contract', 'none']},
    'activity.activity_type': {
        'values': [
            'visit', 'call', 'meeting', 'executive_review', 'plan_review', 'email', 'message', 'event', 'task', 'other'
        ],
        'fallback': 'other'
    },
    'activity.direction': {'values': ['inbound', 'outbound', 'both']},
    'activity.subject_class': {
        'values': ['technical', 'commercial', 'personal', 'behavioural', 'environment', 'service']
    },
    'activity_participant.party_kind': {'values': ['person', 'contact']},
    'plan_item.item_type': {'values': ['volume_goal', 'value_goal', 'action']},
    'plan_item.status': {'values': ['open', 'done', 'dropped']},
    'environment_note.theme': {
        'values': [
            'ownership', 'strategy', 'competitor', 'regulation', 'people', 'financial', 'market', 'other'
        ],
        'fallback': 'other'
    },
    'environment_note.direction': {'values': ['opportunity', 'threat', 'neutral']},
    'wallet_estimate.wallet_source': {'values': ['client_told', 'sell_out', 'market_share', 'model']},
    'account_event.event_type': {
        'values': ['win', 'listing', 'case_study', 'joint_campaign', 'co_branded_piece', 'award', 'loss']
    },
    'segment_override.service_profile': {
        'values': ['PARTNER', 'DEVELOP', 'EFFICIENT', 'TRANSACTIONAL', 'NEW']
    },
    'person_assessment.competence': {
        'values': [
            'long_term_view', 'joint_planning', 'cross_functional_work', 'client_environment', 'joint_results', 'selling'
        ]
    },
} -%}
{{ return(lists.get(entity ~ '.' ~ name)) }}
{%- endmacro %}
