with review as (

    select * from {{ ref('int_review__dated') }}

),

client as (

    select * from {{ ref('int_group__current') }}
    where not is_pseudo_member

),

tonight as (

    select attributes.*
    from {{ ref('int_group_day__attributes') }} as attributes
    inner join review on attributes.day_date = review.as_of_date

),

-- In the first days of the delivered invoices a first invoice proves nothing: such a group is old.
delivered as (

    select min(posting_date) + {{ threshold('calendar.left_censor_days') }} as censored_before_date
    from {{ ref('int_invoice_document__netted') }}

),

account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

estimated as (

    select distinct account.group_id
    from {{ ref('wallet_estimate') }} as estimate
    inner join account on estimate.account_id = account.account_key
    inner join review on estimate.estimated_date <= review.review_date

)

select
    client.group_id,
    least(client.created_date, tonight.first_invoice_date) as first_known_date,
    tonight.first_invoice_date is null
    or tonight.first_invoice_date > review.review_date
    or (
        review.review_date - tonight.tenure_start_date < {{ threshold('calendar.new_account_days') }}
        and not (
            tonight.first_invoice_date < delivered.censored_before_date
            and tonight.tenure_start_date = tonight.first_invoice_date
        )
    ) as is_new,
    wallet.potential_value_rc,
    assessed.appetite_score,
    assessed.impact_score,
    estimated.group_id is not null as is_wallet_estimated,
    coalesce(assessed.is_appetite_assessed, false) as is_appetite_assessed,
    coalesce(assessed.is_impact_assessed, false) as is_impact_assessed
from client
cross join review
cross join delivered
left join tonight on client.group_id = tonight.group_id
left join {{ ref('int_wallet_night__valid') }} as wallet
    on client.group_id = wallet.group_id and review.review_date = wallet.as_of_date
left join {{ ref('int_group_review__assessed') }} as assessed
    on client.group_id = assessed.group_id
left join estimated on client.group_id = estimated.group_id
