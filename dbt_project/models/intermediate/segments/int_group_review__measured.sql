with review as (

    select * from {{ ref('int_review__listed') }}

),

run as (

    select * from {{ source('control', 'run') }}

),

account as (

    select * from {{ ref('int_account__grouped') }}
    where account_kind = 'crm_account'

),

first_estimate as (

    select account.group_id, min(estimate.estimated_date) as estimated_date
    from {{ ref('wallet_estimate') }} as estimate
    inner join account on estimate.account_id = account.account_key
    group by account.group_id

),

known as (

    select group_id from {{ source('memory', 'segment_history') }}
    where valid_to_date is null

),

joined as (

    select
        tenured.review_date,
        tenured.group_id,
        review.is_tonight
        or known.group_id is not null
        or (
            (run.is_first_run or run.replayed_after_date is not null)
            and coalesce(dated.first_known_date <= tenured.review_date, false)
        ) as is_seen,
        tenured.is_new,
        wallet.potential_value_rc,
        case
            when wallet.potential_value_rc is not null then null
            when wallet.group_id is null and first_estimate.estimated_date <= tenured.review_date then 'STALE'
            else 'NO_SOURCE'
        end as potential_reason,
        assessed.appetite_score,
        case when assessed.group_id is null then 'NO_SOURCE' else assessed.appetite_reason end as appetite_reason,
        assessed.impact_score,
        case when assessed.group_id is null then 'NO_SOURCE' else assessed.impact_reason end as impact_reason
    from {{ ref('int_group_review__tenured') }} as tenured
    inner join review on tenured.review_date = review.review_date
    cross join run
    left join known on tenured.group_id = known.group_id
    left join {{ ref('int_group__dated') }} as dated on tenured.group_id = dated.group_id
    left join {{ ref('int_wallet_night__valid') }} as wallet
        on tenured.review_date = wallet.as_of_date and tenured.group_id = wallet.group_id
    left join {{ ref('int_group_day__assessed') }} as assessed
        on tenured.review_date = assessed.day_date and tenured.group_id = assessed.group_id
    left join first_estimate on tenured.group_id = first_estimate.group_id

)

select
    review_date,
    group_id,
    is_seen,
    is_new,
    potential_value_rc,
    appetite_score,
    impact_score,
    nullif(
        concat_ws(
            ';',
            {{ missing_pair('potential_value_rc', 'potential_reason') }},
            {{ missing_pair('appetite_score', 'appetite_reason') }},
            {{ missing_pair('impact_score', 'impact_reason') }}
        ),
        ''
    ) as missing_reason
from joined
