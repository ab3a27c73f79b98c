with night as (

    select * from {{ ref('int_portfolio_night__windowed') }}

),

account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

-- An opportunity without a day of creation is known only by those who look now.
open_opportunity as (

    select distinct night.as_of_date, account.group_id
    from night
    inner join {{ ref('opportunity') }} as opportunity
        on
            coalesce(opportunity.created_date <= night.as_of_date, not night.is_reconstructed)
            and (
                not coalesce(opportunity.is_closed, false)
                or coalesce(opportunity.close_date > night.as_of_date, false)
            )
    inner join account on opportunity.account_id = account.account_key

),

listed as (

    select
        night.*,
        attributes.group_id,
        attributes.lifecycle,
        coalesce(attributes.last_invoice_date < night.stage_from_date, true) as is_uninvoiced,
        coalesce(invoiced.first_document_date <= night.as_of_date, false) as is_ever_invoiced,
        open_opportunity.group_id is not null as has_open_opportunity,
        planned.group_id is not null as has_live_plan,
        coalesce(planned.has_goal_and_action, false) as has_goal_and_action,
        coalesce(planned.has_long_joint_item, false) as has_long_joint_item
    from night
    inner join {{ ref('int_group_day__attributes') }} as attributes
        on night.as_of_date = attributes.day_date and attributes.is_client
    left join {{ ref('int_client__invoiced') }} as invoiced on attributes.group_id = invoiced.group_id
    left join open_opportunity
        on night.as_of_date = open_opportunity.as_of_date and attributes.group_id = open_opportunity.group_id
    left join {{ ref('int_group_night__planned') }} as planned
        on night.as_of_date = planned.as_of_date and attributes.group_id = planned.group_id

)

select * from listed
where is_ever_invoiced or has_open_opportunity or has_live_plan
