with wallet as (

    select
        review.review_date,
        wallet.potential_value_rc
    from {{ ref('int_review__listed') }} as review
    inner join {{ ref('int_wallet_night__valid') }} as wallet
        on review.review_date = wallet.as_of_date
    inner join {{ ref('int_group__current') }} as client
        on wallet.group_id = client.group_id and not client.is_pseudo_member
    where wallet.potential_value_rc is not null

),

review as (

    select review_date from {{ ref('int_review__listed') }}

)

{%- for tier, percentile in threshold('segmentation.potential_percentiles').items() %}
select
    review.review_date,
    '{{ tier }}' as tier,
    case
        when count(wallet.review_date) >= {{ threshold('segmentation.min_wallets') }}
            -- On more decimals than money has, or the interpolated cent is cut off instead of rounded.
            then cast(
                round(quantile_cont(cast(wallet.potential_value_rc as decimal(28, 8)), {{ percentile }}), 2)
                as decimal(18, 2)
            )
    end as value_rc,
    count(wallet.review_date) as n
from review
left join wallet on review.review_date = wallet.review_date
group by review.review_date
{{ "union all" if not loop.last }}
{%- endfor %}
