with run as (

    select * from {{ source('control', 'run') }}

),

pool as (

    select
        company_code,
        month,
        {{ complete_sum('amount_rc') }} as pool_rc
    from {{ ref('int_customer_cost__attributed') }}
    where is_unassigned and not is_repeated
    group by company_code, month

),

weighed as (

    select * from {{ ref('int_delivery__weighed') }}

),

-- Whole cents by weight in exact integers; what is left goes cent by cent to the largest remainder.
divided as (

    select
        pool.company_code,
        pool.month,
        pool.pool_rc,
        weighed.customer_id,
        weighed.group_id,
        cast(abs(pool.pool_rc) * 100 as hugeint) as pool_cents,
        cast(weighed.weight_kg * 1000000 as hugeint) as weight,
        sum(cast(weighed.weight_kg * 1000000 as hugeint)) over (
            partition by pool.company_code, pool.month
        ) as weight_total
    from pool
    inner join weighed on pool.company_code = weighed.company_code and pool.month = weighed.month

),

floored as (

    select
        *,
        pool_cents * weight // cast(weight_total as hugeint) as cents,
        pool_cents * weight % cast(weight_total as hugeint) as remainder
    from divided

),

ranked as (

    select
        *,
        pool_cents - sum(cents) over (partition by company_code, month) as cents_left,
        row_number() over (
            partition by company_code, month order by remainder desc nulls last, customer_id nulls last
        ) as remainder_rank
    from floored

),

allocated as (

    select
        company_code,
        month,
        customer_id,
        group_id,
        sign(pool_rc)
        * cast((cents + case when remainder_rank <= cents_left then 1 else 0 end) as decimal(18, 0))
        * 0.01 as amount_rc,
        true as is_estimated
    from ranked
    union all
    select
        pool.company_code,
        pool.month,
        cast(null as varchar) as customer_id,
        'UNMAPPED' as group_id,
        pool.pool_rc as amount_rc,
        false as is_estimated
    from pool
    anti join weighed on pool.company_code = weighed.company_code and pool.month = weighed.month

)

select
    allocated.month,
    allocated.customer_id,
    allocated.group_id,
    coalesce(membership.group_id, allocated.group_id) as group_id_as_was,
    allocated.company_code,
    cast(allocated.amount_rc as decimal(18, 2)) as amount_rc,
    allocated.is_estimated
from allocated
cross join run
left join {{ ref('int_account__membership') }} as membership
    on membership.account_kind = 'erp_customer'
    and allocated.customer_id = membership.account_key
    and {{ holds_on('membership', 'least(last_day(allocated.month), run.as_of_date)') }}
