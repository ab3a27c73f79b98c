with listed as (

    select
        as_of_date,
        group_id
    from {{ ref('int_group_night__listed') }}

),

sold as (

    select * from {{ ref('int_group_category_day__sold') }}

),

category as (

    select distinct group_id, category
    from sold

),

windowed as (

    select
        listed.as_of_date,
        listed.group_id,
        category.category,
        {{ sold_between('sold', 'before') }} as our_t12m_rc
    from listed
    inner join category on listed.group_id = category.group_id
    asof left join sold
        on
            listed.group_id = sold.group_id
            and category.category = sold.category
            and listed.as_of_date >= sold.posting_date
    asof left join sold as before
        on
            listed.group_id = before.group_id
            and category.category = before.category
            and listed.as_of_date - 365 >= before.posting_date

)

select
    as_of_date,
    group_id,
    category,
    cast(our_t12m_rc as decimal(18, 2)) as our_t12m_rc
from windowed
where category = 'ALL' or our_t12m_rc is distinct from 0
