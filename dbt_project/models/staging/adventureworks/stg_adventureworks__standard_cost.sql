with cost as (

    select
        *,
        {{ parsed_date('start_date') }} as started_date,
        {{ parsed_decimal('standard_cost', type='decimal(18, 6)') }} as unit_cost
    from {{ source('raw_adventureworks', 'product_cost_history') }}
    where not _is_deleted

)

select
    'AW' as company_code,
    {{ native_id('product_id') }} as product_id,
    started_date as valid_from,
    unit_cost as unit_cost_base,
    {{ lineage('product_cost_history') }},
    {{ first_reject([
        ('start_date', 'started_date', 'TYPE', 'valid_from'),
        ('standard_cost', 'unit_cost', 'NUM_FORMAT', 'unit_cost_base'),
    ]) }} as _reject
from cost
