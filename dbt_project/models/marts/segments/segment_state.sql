{%- set waiting = [
    'pending_segment', 'pending_since_date', 'pending_reviews', 'held_profile', 'hold_reviews_left',
    'is_merged', 'is_moved', 'part_profile'
] -%}
with run as (

    select * from {{ source('control', 'run') }}

),

remembered as (

    select * from {{ source('memory', 'segment_state') }}

),

decided as (

    select
        count(*) > 0 as has_review,
        coalesce(bool_or(is_tonight), false) as is_tonight
    from {{ ref('int_review__listed') }}

),

-- Moves that no review has acted on yet.
move as (

    select
        remembered.group_id,
        remembered.is_merged,
        remembered.part_profile
    from remembered
    inner join {{ ref('int_group__current') }} as client on remembered.group_id = client.group_id
    cross join decided
    where remembered.valid_to_date is null and remembered.is_moved and not decided.has_review
    union all
    select
        found.group_id,
        found.is_merged,
        found.part_profile
    from {{ ref('int_group_move__found') }} as found
    cross join decided
    where not decided.is_tonight

),

moved as (

    select
        group_id,
        bool_or(is_merged) as is_merged,
        true as is_moved,
        {{ best_profile('part_profile') }} as part_profile
    from move
    group by group_id

),

tonight as (

    select
        coalesce(waiting.group_id, moved.group_id) as group_id,
        waiting.pending_segment,
        waiting.pending_since_date,
        coalesce(waiting.pending_reviews, 0) as pending_reviews,
        waiting.held_profile,
        coalesce(waiting.hold_reviews_left, 0) as hold_reviews_left,
        coalesce(moved.is_merged, false) as is_merged,
        coalesce(moved.is_moved, false) as is_moved,
        moved.part_profile
    from {{ source('scores', 'segment_waiting') }} as waiting
    full outer join moved on waiting.group_id = moved.group_id

),

carried as (

    select
        remembered.* replace (
            case
                when remembered.valid_to_date is not null then remembered.valid_to_date
                when
                    tonight.group_id is null
                    or row(tonight.{{ waiting | join(', tonight.') }}) is distinct from row(remembered.{{ waiting | join(', remembered.') }})
                    then run.as_of_date
            end as valid_to_date
        )
    from remembered
    cross join run
    left join tonight on remembered.group_id = tonight.group_id

)

select
    group_id,
    valid_from_date,
    valid_to_date,
    {{ waiting | join(', ') }},
    known_at,
    config_version,
    is_reconstructed
from carried
union all
select
    tonight.group_id,
    run.as_of_date as valid_from_date,
    cast(null as date) as valid_to_date,
    tonight.{{ waiting | join(', tonight.') }},
    run.known_at,
    run.config_version,
    false as is_reconstructed
from tonight
cross join run
where not exists (
    select 1 from carried
    where carried.group_id = tonight.group_id and carried.valid_to_date is null
)
