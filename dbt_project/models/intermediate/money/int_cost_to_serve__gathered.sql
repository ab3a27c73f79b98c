with supplied as (

    select * from {{ ref('int_cost__supplied') }}

),

posted as (

    select
        month,
        group_id,
        group_id_as_was,
        company_code,
        case cost_type
            when 'freight' then 'freight'
            when 'expedite' then 'handling'
            when 'return_handling' then 'returns_handling'
        end as measure,
        is_estimated,
        amount_rc
    from {{ ref('int_customer_cost__attributed') }}
    where
        cost_type in ('freight', 'expedite', 'return_handling')
        and not is_unassigned
        and not is_repeated
    union all
    select month, group_id, group_id_as_was, company_code, 'freight' as measure, is_estimated, amount_rc
    from {{ ref('int_freight__allocated') }}

),

estimated as (

    select 'handling' as measure, month, group_id, group_id_as_was, company_code, amount_rc
    from {{ ref('int_order_line__handled') }}
    union all
    select 'selling_service' as measure, month, group_id, group_id_as_was, company_code, amount_rc
    from {{ ref('int_activity__priced') }}
    union all
    select 'financing' as measure, month, group_id, group_id_as_was, company_code, amount_rc
    from {{ ref('int_receivable_month__financed') }}

),

gathered as (

    select month, group_id, group_id_as_was, company_code, measure, is_estimated, amount_rc from posted
    union all
    select month, group_id, group_id_as_was, company_code, measure, true as is_estimated, amount_rc
    from estimated

)

select
    gathered.month,
    gathered.group_id,
    gathered.group_id_as_was,
    gathered.company_code,
    gathered.measure,
    gathered.is_estimated,
    case gathered.measure
        when 'handling' then supplied.has_handling
        when 'selling_service' then supplied.has_selling_service
        when 'financing' then supplied.has_financing
        else supplied.has_customer_cost
    end as is_known,
    {{ complete_sum('gathered.amount_rc') }} as amount_rc,
    {{ complete_sum('abs(gathered.amount_rc)') }} as absolute_rc
from gathered
cross join supplied
group by all
