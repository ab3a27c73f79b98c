with day as (

    select * from {{ ref('int_day__listed') }}

),

ranked_account as (

    select * from {{ ref('int_account__ranked') }}

),

team as (

    select
        day.day_date,
        ranked_account.group_id,
        team.person_id as manager_id
    from {{ ref('account_team') }} as team
    inner join ranked_account on team.account_id = ranked_account.account_id
    inner join day
        on team.valid_from <= day.day_date
        and coalesce(team.valid_to, date '9999-12-31') >= day.day_date
    where coalesce(team.is_account_manager, team.role = 'account_manager')
    qualify
        row_number() over (
            partition by day.day_date, ranked_account.group_id
            order by
                ranked_account.account_rank asc nulls last,
                team.valid_from desc nulls last,
                team.person_id asc nulls last,
                team.role asc nulls last
        ) = 1

),

-- An owner carries no date: ownership answers for the night of the run, and for earlier days on
-- which a publication named the same person.
owner as (

    select
        day.day_date,
        ranked_account.group_id,
        account.owner_person_id as manager_id
    from {{ ref('account') }} as account
    inner join ranked_account
        on account.account_id = ranked_account.account_id
        and ranked_account.account_rank = 1
    cross join day
    left join {{ ref('int_group_day__remembered') }} as remembered
        on day.day_date = remembered.day_date
        and ranked_account.group_id = remembered.group_id
    where
        account.owner_person_id is not null
        and (day.is_tonight or account.owner_person_id = remembered.manager_id)

)

select
    coalesce(team.day_date, owner.day_date) as day_date,
    coalesce(team.group_id, owner.group_id) as group_id,
    coalesce(team.manager_id, owner.manager_id) as manager_id
from team
full outer join owner
    on team.day_date = owner.day_date
    and team.group_id = owner.group_id
