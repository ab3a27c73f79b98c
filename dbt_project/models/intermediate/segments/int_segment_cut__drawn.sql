with wallet as (

    select wallet.potential_value_rc
    from {{ ref('int_wallet_night__valid') }} as wallet
    inner join {{ ref('int_review__dated') }} as review
        on wallet.as_of_date = review.review_date
    inner join {{ ref('int_group__current') }} as client
        on wallet.group_id = client.group_id and not client.is_pseudo_member
    where wallet.potential_value_rc is not null

)

{%- for tier, percentile in threshold('segmentation.potential_percentiles').items() %}
select
    '{{ tier }}' as tier,
    {{ loop.index }} as tier_rank,
    case
        when count(*) >= {{ threshold('segmentation.min_wallets') }}
            then cast(quantile_cont(potential_value_rc, {{ percentile }}) as decimal(18, 2))
    end as value_rc,
    count(*) as n
from wallet
{{ "union all" if not loop.last }}
{%- endfor %}
