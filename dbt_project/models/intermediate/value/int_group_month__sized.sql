select
    cast(date_trunc('month', concentration.as_of_date) as date) as month,
    concentration.group_id,
    concentration.abc_class in ('B', 'C') as is_small
from {{ ref('account_concentration') }} as concentration
inner join {{ ref('int_group__current') }} as client
    on concentration.group_id = client.group_id and not client.is_pseudo_member
where
    concentration.measure = 'net_revenue_t12m'
    and not concentration.is_to_date
    and concentration.abc_class is not null
