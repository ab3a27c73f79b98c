with run as (

    select * from {{ source('control', 'run') }}

),

lineage as (

    select * from {{ source('memory', 'dim_account_lineage') }}

),

changed as (

    select * from {{ ref('int_account__moved') }}

)

select
    from_account_key,
    to_account_key,
    from_group_id,
    to_group_id,
    change_type,
    effective_date,
    reason,
    known_at,
    config_version,
    is_reconstructed
from lineage
union all
select
    changed.from_account_key,
    changed.to_account_key,
    changed.from_group_id,
    changed.to_group_id,
    changed.change_type,
    run.as_of_date as effective_date,
    changed.reason,
    run.known_at,
    run.config_version,
    false as is_reconstructed
from changed
cross join run
