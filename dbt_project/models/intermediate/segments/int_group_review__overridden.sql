with review as (

    select * from {{ ref('int_review__listed') }}

),

account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

latest as (

    select
        review.review_date,
        account.group_id,
        override.service_profile,
        override.decided_by_person_id,
        override.decided_date,
        coalesce(
            override.valid_until,
            override.decided_date + {{ threshold('segmentation.override_days') }}
        ) as valid_until_date
    from {{ ref('segment_override') }} as override
    inner join account on override.account_id = account.account_key
    inner join review on override.decided_date <= review.review_date
    qualify
        row_number() over (
            partition by review.review_date, account.group_id
            order by override.decided_date desc nulls last, override.account_id nulls last
        ) = 1

)

select
    review_date,
    group_id,
    service_profile,
    decided_by_person_id,
    decided_date,
    valid_until_date
from latest
where valid_until_date >= review_date
