with run as (

    select * from {{ source('control', 'run') }}

),

remembered as (

    select * from {{ source('memory', 'match_candidate') }}

),

tonight as (

    select * from {{ ref('int_account_pair__suggested') }}

),

crosswalk as (

    {{ crosswalk_decisions() }}

),

-- A decision closes a row as it was suggested; without one it lives as long as it is suggested.
closed as (

    select
        remembered.* replace (
            crosswalk.decision as decision,
            case
                when remembered.decision = crosswalk.decision then remembered.decided_date
                else run.as_of_date
            end as decided_date
        )
    from remembered
    cross join run
    inner join crosswalk
        on remembered.left_id = crosswalk.left_id
        and remembered.right_id = crosswalk.right_id

)

select
    left_id,
    right_id,
    left_kind,
    right_kind,
    left_name,
    right_name,
    match_score,
    name_similarity,
    is_same_domain,
    is_same_city,
    is_same_tax_root,
    money_affected_rc,
    suggested_date,
    decision,
    decided_date,
    known_at,
    config_version,
    is_reconstructed
from closed
union all
select
    tonight.left_id,
    tonight.right_id,
    tonight.left_kind,
    tonight.right_kind,
    tonight.left_name,
    tonight.right_name,
    tonight.match_score,
    tonight.name_similarity,
    tonight.is_same_domain,
    tonight.is_same_city,
    tonight.is_same_tax_root,
    tonight.money_affected_rc,
    coalesce(remembered.suggested_date, run.as_of_date) as suggested_date,
    tonight.decision,
    case when tonight.decision <> 'pending' then run.as_of_date end as decided_date,
    coalesce(remembered.known_at, run.known_at) as known_at,
    coalesce(remembered.config_version, run.config_version) as config_version,
    false as is_reconstructed
from tonight
cross join run
left join remembered
    on tonight.left_id = remembered.left_id
    and tonight.right_id = remembered.right_id
where
    not exists (
        select 1
        from closed
        where closed.left_id = tonight.left_id and closed.right_id = tonight.right_id
    )
