select
    {{ is_supplied('standard_cost') }} as has_goods,
    {{ is_supplied('customer_cost') }} as has_customer_cost,
    {{ is_supplied('order_line') }}
    and {{ is_supplied('customer_cost') }}
    and {{ money_rate('cost_to_serve.order_rate') }} is not null
    and {{ money_rate('cost_to_serve.line_rate') }} is not null
    and {{ money_rate('cost_to_serve.expedite_rate') }} is not null as has_handling,
    {{ is_supplied('activity') }}
    and {{ is_supplied('case') }}
    and {{ money_rate('cost_to_serve.activity_hour_rate') }} is not null
    and {{ money_rate('cost_to_serve.case_rate') }} is not null as has_selling_service,
    {{ is_supplied('receivable') }}
    and {{ is_supplied('receipt') }}
    and {{ money_rate('cost_to_serve.annual_cost_of_capital') }} is not null as has_financing
