-- What each published column means; rows come from the yml beside each model.

with catalogue as (

    select * from {{ source('control', 'column_catalogue') }}

),

described as (

    select
        case
            when schema_name = 'kam' then table_name
            else schema_name || '.' || table_name
        end || '.' || column_name as metric_id,
        cast(version as bigint) as version,
        table_name,
        column_name,
        column_type,
        unit,
        direction,
        formula,
        thresholds,
        owner_department,
        valid_from_date,
        cast(null as date) as valid_to_date
    from catalogue

)

select * from described
