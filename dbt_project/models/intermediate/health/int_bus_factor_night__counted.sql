with required as (

    select
        as_of_date,
        group_id,
        count(*) as n_required,
        max(last_two_way_date) as last_two_way_date,
        cast(
            ceil(cast({{ threshold('knowledge.bus_factor_share') }} as decimal(5, 4)) * count(*)) as bigint
        ) as n_needed
    from {{ ref('int_role_night__covered') }}
    group by as_of_date, group_id

),

link as (

    select
        *,
        dense_rank() over (
            partition by as_of_date, group_id order by decision_role nulls last
        ) - 1 as role_place
    from {{ ref('int_role_link_night__made') }}

),

-- So many roles must lose every link before fewer than the needed ones are left.
target as (

    select
        required.as_of_date,
        required.group_id,
        required.n_required,
        required.last_two_way_date,
        count(distinct link.decision_role) as n_linked,
        count(distinct link.decision_role) - required.n_needed + 1 as n_to_unlink
    from required
    left join link
        on
            required.as_of_date = link.as_of_date
            and required.group_id = link.group_id
    group by
        required.as_of_date,
        required.group_id,
        required.n_required,
        required.last_two_way_date,
        required.n_needed

),

-- Every choice of that many linked roles, as the bits of a number. Unlinking a role takes all
-- people who reach it.
choice as (

    select
        target.as_of_date,
        target.group_id,
        number.role_bits
    from target
    cross join unnest(range(1, cast(pow(2, target.n_linked) as bigint))) as number(role_bits)
    where
        target.n_to_unlink > 0
        and bit_count(number.role_bits) = target.n_to_unlink

),

taken as (

    select
        choice.as_of_date,
        choice.group_id,
        choice.role_bits,
        count(distinct link.person_id) as n_people
    from choice
    inner join link
        on
            choice.as_of_date = link.as_of_date
            and choice.group_id = link.group_id
            and (choice.role_bits >> link.role_place) & 1 = 1
    group by choice.as_of_date, choice.group_id, choice.role_bits

)

select
    target.as_of_date,
    target.group_id,
    target.n_required,
    target.n_linked,
    target.last_two_way_date,
    coalesce(min(taken.n_people), 0) as bus_factor
from target
left join taken
    on
        target.as_of_date = taken.as_of_date
        and target.group_id = taken.group_id
group by
    target.as_of_date,
    target.group_id,
    target.n_required,
    target.n_linked,
    target.last_two_way_date
