with registered as (

    select * from {{ ref('group_registry') }}

)

select
    account_key,
    account_kind,
    group_id,
    case
        when
            row_number() over (
                partition by account_kind, account_key order by valid_from_date nulls last
            ) = 1
            then date '1900-01-01'
        else valid_from_date
    end as valid_from_date,
    valid_to_date
from registered
