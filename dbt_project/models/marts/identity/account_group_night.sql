with night as (

    select * from {{ source('control', 'night') }}

),

attribute as (

    select * from {{ ref('int_group_day__attributes') }}

),

current_group as (

    select * from {{ ref('int_group__current') }}

),

dated as (

    select * from {{ ref('int_group__dated') }}

),

segment as (

    select * from {{ ref('segment_history') }}

)

select
    night.as_of_date,
    current_group.group_id,
    current_group.group_name,
    current_group.is_pseudo_member,
    attribute.is_key_account,
    attribute.lifecycle,
    attribute.first_invoice_date,
    attribute.last_invoice_date,
    attribute.tenure_start_date,
    attribute.tenure_days,
    segment.segment_code,
    segment.service_profile,
    attribute.manager_id,
    current_group.territory,
    current_group.n_accounts,
    night.is_tonight
        or current_group.is_pseudo_member
        or coalesce(dated.first_known_date <= night.as_of_date, false) as is_known
from night
inner join attribute on night.as_of_date = attribute.day_date
inner join current_group on attribute.group_id = current_group.group_id
left join dated on current_group.group_id = dated.group_id
left join segment
    on current_group.group_id = segment.group_id
    and segment.valid_from_date <= night.as_of_date
    and coalesce(segment.valid_to_date, date '9999-12-31') > night.as_of_date
