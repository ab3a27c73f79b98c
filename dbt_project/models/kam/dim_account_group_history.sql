{%- set attributes -%}
group_name, is_pseudo_member, is_key_account, lifecycle, segment_code, service_profile,
        manager_id, territory, n_accounts
{%- endset -%}
with run as (

    select * from {{ source('control', 'run') }}

),

night as (

    select * from {{ source('control', 'night') }}

),

remembered as (

    select * from {{ source('memory', 'dim_account_group_history') }}

),

-- The state of the last night before, then one state per night on which the group is known.
state as (

    select
        group_id,
        valid_from_date,
        {{ attributes }},
        known_at,
        config_version,
        is_reconstructed,
        true as is_remembered
    from remembered
    where valid_to_date is null
    union all
    select
        account_group_night.group_id,
        account_group_night.as_of_date as valid_from_date,
        {{ attributes }},
        night.known_at,
        night.config_version,
        night.is_reconstructed,
        false as is_remembered
    from {{ ref('account_group_night') }} as account_group_night
    inner join night on account_group_night.as_of_date = night.as_of_date
    where account_group_night.is_known

),

compared as (

    select
        *,
        lag(row({{ attributes }})) over (
            partition by group_id order by valid_from_date nulls last
        ) as attributes_before
    from state

),

opened as (

    select * from compared
    where
        is_remembered
        or attributes_before is null
        or attributes_before is distinct from row({{ attributes }})

),

-- A group that is no more closes on the night that no longer finds it.
closed as (

    select
        opened.*,
        coalesce(
            lead(opened.valid_from_date) over (
                partition by opened.group_id order by opened.valid_from_date nulls last
            ),
            case when current_group.group_id is null then run.as_of_date end
        ) as valid_to_date
    from opened
    cross join run
    left join {{ ref('int_group__current') }} as current_group
        on opened.group_id = current_group.group_id

)

select
    group_id,
    valid_from_date,
    valid_to_date,
    {{ attributes }},
    known_at,
    config_version,
    is_reconstructed
from closed
union all
select
    group_id,
    valid_from_date,
    valid_to_date,
    {{ attributes }},
    known_at,
    config_version,
    is_reconstructed
from remembered
where valid_to_date is not null
