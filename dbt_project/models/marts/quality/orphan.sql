with run as (

    select * from {{ source('control', 'run') }}

),

remembered as (

    select * from {{ source('memory', 'orphan') }}

)

select
    found.entity,
    found.column_name,
    found.parent_entity,
    found.parent_id,
    found.n_rows,
    found.amount_base,
    coalesce(remembered.first_seen_date, run.as_of_date) as first_seen_date,
    coalesce(remembered.known_at, run.known_at) as known_at,
    coalesce(remembered.config_version, run.config_version) as config_version,
    false as is_reconstructed
from {{ ref('int_reference__orphaned') }} as found
cross join run
left join remembered
    on found.entity = remembered.entity
    and found.column_name = remembered.column_name
    and found.parent_id = remembered.parent_id
