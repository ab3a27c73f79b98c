with move as (

    select distinct from_group_id, to_group_id
    from {{ ref('int_account__moved') }}
    where from_group_id <> to_group_id

),

client as (

    select group_id from {{ ref('int_group__current') }}
    where not is_pseudo_member

),

former as (

    select group_id, service_profile
    from {{ source('memory', 'segment_history') }}
    where valid_to_date is null

),

-- What ended, or gave the records of a group that is new tonight, hands its profile on.
touched as (

    select
        move.to_group_id as group_id,
        former.group_id is not null and survivor.group_id is null as is_merged,
        case
            when survivor.group_id is null or known.group_id is null then former.service_profile
        end as part_profile
    from move
    left join former on move.from_group_id = former.group_id
    left join client as survivor on move.from_group_id = survivor.group_id
    left join former as known on move.to_group_id = known.group_id
    union all
    select
        from_group_id as group_id,
        false as is_merged,
        cast(null as varchar) as part_profile
    from move

)

select
    touched.group_id,
    bool_or(touched.is_merged) as is_merged,
    {{ best_profile('touched.part_profile') }} as part_profile
from touched
inner join client on touched.group_id = client.group_id
group by touched.group_id
