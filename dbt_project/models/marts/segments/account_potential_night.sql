{%- set wallet_columns = [
    'wallet_rc', 'wallet_amount', 'wallet_currency', 'wallet_source', 'wallet_age_days', 'wallet_confidence',
    'potential_value_rc'
] -%}
with shared as (

    select
        *,
        case
            when wallet_rc > 0 and our_covered_rc is not null
                then least(1, greatest(0, cast(our_covered_rc as double) / cast(wallet_rc as double)))
        end as share_of_wallet,
        (1 - supplier_rank / (supplier_count + 1)) * 2 / nullif(supplier_count, 0) as rank_share
    from {{ ref('int_group_category_night__measured') }}

)

select
    as_of_date,
    group_id,
    category,
    {{ wallet_columns | join(',\n    ') }},
    our_t12m_rc,
    our_covered_rc,
    share_of_wallet,
    rank_share,
    headroom_rc,
    supplier_rank,
    supplier_count,
    potential_tier,
    nullif(concat_ws(
        ';',
        {%- for column in wallet_columns if column not in ('wallet_amount', 'wallet_currency', 'wallet_source') %}
        case when {{ column }} is null then '{{ column }}:' || wallet_reason end,
        {%- endfor %}
        case when our_t12m_rc is null then 'our_t12m_rc:NO_SOURCE' end,
        case when our_covered_rc is null then 'our_covered_rc:NO_SOURCE' end,
        case
            when share_of_wallet is not null then null
            when wallet_rc <= 0 then 'share_of_wallet:TOO_FEW'
            else 'share_of_wallet:' || wallet_reason
        end,
        case when rank_share is null then 'rank_share:' || wallet_reason end,
        case when headroom_rc is null then 'headroom_rc:' || wallet_reason end,
        case when supplier_rank is null then 'supplier_rank:' || wallet_reason end,
        case when supplier_count is null then 'supplier_count:' || wallet_reason end
    ), '') as missing_reason
from shared
