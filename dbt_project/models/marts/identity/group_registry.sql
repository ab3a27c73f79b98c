with run as (

    select * from {{ source('control', 'run') }}

),

grouped as (

    select * from {{ ref('int_account__grouped') }}

),

registered as (

    select * from {{ source('memory', 'group_registry') }}

),

first_row as (

    select account_kind, account_key, min(first_seen_date) as first_seen_date
    from registered
    group by account_kind, account_key

),

-- A record that is not delivered tonight keeps its row: it may come back.
carried as (

    select
        registered.account_key,
        registered.account_kind,
        registered.group_id,
        registered.valid_from_date,
        case
            when registered.valid_to_date is null and grouped.group_id <> registered.group_id
                then run.as_of_date
            else registered.valid_to_date
        end as valid_to_date,
        registered.first_seen_date,
        registered.match_method,
        case
            when registered.valid_to_date is null
                then coalesce(grouped.merged_into_account_key, registered.merged_into_account_key)
            else registered.merged_into_account_key
        end as merged_into_account_key,
        registered.known_at,
        registered.config_version,
        registered.is_reconstructed
    from registered
    cross join run
    left join grouped
        on registered.account_kind = grouped.account_kind
        and registered.account_key = grouped.account_key

),

opened as (

    select
        grouped.account_key,
        grouped.account_kind,
        grouped.group_id,
        case
            when run.is_first_run then date '1900-01-01'
            else run.as_of_date
        end as valid_from_date,
        cast(null as date) as valid_to_date,
        coalesce(first_row.first_seen_date, grouped.extract_date) as first_seen_date,
        grouped.match_method,
        grouped.merged_into_account_key,
        run.known_at,
        run.config_version,
        false as is_reconstructed
    from grouped
    cross join run
    left join first_row
        on grouped.account_kind = first_row.account_kind
        and grouped.account_key = first_row.account_key
    where
        not exists (
            select 1
            from registered
            where
                registered.account_kind = grouped.account_kind
                and registered.account_key = grouped.account_key
                and registered.group_id = grouped.group_id
                and registered.valid_to_date is null
        )

)

select * from carried
union all
select * from opened
