with version as (

    select
        *,
        {{ parsed_date('start_date') }} as started_date,
        {{ parsed_boolean('is_active', ['1'], ['0']) }} as is_current
    from {{ source('raw_adventureworks', 'customer') }}
    where not _is_deleted

)

-- A closed version is what the customer was; the newest one speaks for it.
select
    {{ native_id('customer_id') }} as customer_id,
    nullif(concat_ws(' ', {{ text('first_name') }}, {{ text('middle_name') }}, {{ text('last_name') }}), '') as customer_name,
    cast(null as varchar) as trade_name,
    cast(null as varchar) as tax_id,
    cast(null as varchar) as tax_id_kind,
    {{ text('territory_name') }} as territory,
    cast(null as varchar) as parent_customer_id,
    cast(null as varchar) as domain,
    cast(null as varchar) as currency,
    cast(null as bigint) as payment_terms_days,
    cast(null as decimal(18, 2)) as credit_limit,
    cast(null as varchar) as channel,
    cast(null as varchar) as industry,
    {{ text('territory_name') }} as region,
    {{ text('city') }} as city,
    {{ text('state_province_code') }} as state,
    {{ text('country_region_code') }} as country,
    cast(null as varchar) as sales_rep_id,
    min(started_date) over (partition by customer_id) as created_date,
    false as is_intercompany,
    coalesce(is_current, false) as is_active,
    {{ lineage('customer') }},
    {{ first_reject([
        ('start_date', 'started_date', 'TYPE', 'created_date'),
        ('is_active', 'is_current', 'TYPE', 'is_active'),
    ]) }} as _reject
from version
qualify
    row_number() over (
        partition by customer_id
        order by is_current desc nulls last, started_date desc nulls last, _file_row nulls last
    ) = 1
