select
    grouped.account_key as customer_id,
    grouped.group_id,
    coalesce(nullif(trim(customer.channel), ''), 'UNKNOWN') as channel,
    coalesce(nullif(trim(customer.region), ''), 'UNKNOWN') as region
from {{ ref('int_account__grouped') }} as grouped
left join {{ ref('customer') }} as customer on grouped.account_key = customer.customer_id
where grouped.account_kind = 'erp_customer'
