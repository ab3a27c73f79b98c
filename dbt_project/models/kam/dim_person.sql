with run as (

    select * from {{ source('control', 'run') }}

),

person as (

    select
        person.*,
        coalesce(aliased.department, 'Other') as known_department
    from {{ ref('person') }} as person
    left join {{ ref('int_department__aliased') }} as aliased
        on lower(trim(person.department)) = aliased.spelling

),

team as (

    select
        account_team.person_id,
        bool_or(
            coalesce(account_team.is_account_manager, account_team.role = 'account_manager')
        ) as is_account_manager,
        bool_or(
            coalesce(account_team.is_executive_sponsor, account_team.role = 'executive_sponsor')
        ) as is_executive_sponsor
    from {{ ref('account_team') }} as account_team
    inner join run
        on account_team.valid_from <= run.as_of_date
        and coalesce(account_team.valid_to, date '9999-12-31') >= run.as_of_date
    group by account_team.person_id

),

-- Who manages a group tonight, by team row or as its owner.
manager as (

    select distinct attribute.manager_id
    from {{ ref('int_group_day__attributes') }} as attribute
    inner join run on attribute.day_date = run.as_of_date
    where attribute.manager_id is not null

)

select
    person.person_id,
    {% if threshold('privacy.publish_person_names') -%}
    person.person_name,
    {%- else -%}
    cast(null as varchar) as person_name,
    {%- endif %}
    person.known_department as department,
    person.manager_person_id,
    case
        when team.is_account_manager or manager.manager_id is not null then 'account_manager'
        when team.is_executive_sponsor then 'executive_sponsor'
        when person.known_department = 'Sales' then 'seller'
        else 'other'
    end as role,
    person.is_active,
    cast(null as varchar) as missing_reason
from person
left join team on person.person_id = team.person_id
left join manager on person.person_id = manager.manager_id
