with account as (

    select account_key, group_id from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

)

select
    opportunity.opportunity_id,
    referrer.group_id,
    client.group_id as won_group_id,
    case when opportunity.created_date <= run.as_of_date then opportunity.created_date end as created_date,
    case
        when opportunity.is_won and opportunity.close_date <= run.as_of_date then opportunity.close_date
    end as won_date,
    coalesce(opportunity.reference_influence, 0) as reference_influence
from {{ ref('opportunity') }} as opportunity
cross join {{ source('control', 'run') }} as run
inner join account as referrer on opportunity.reference_account_id = referrer.account_key
left join account as client on opportunity.account_id = client.account_key
where client.group_id is distinct from referrer.group_id
