with recursive record as (

    select * from {{ ref('int_account__identified') }}
    where not is_intercompany

),

link as (

    select left_key as record_key, right_key as neighbour_key
    from {{ ref('int_account__linked') }}
    union all
    select right_key as record_key, left_key as neighbour_key
    from {{ ref('int_account__linked') }}

),

-- The smallest key spreads along the links until no record learns a smaller one.
label(record_key, component_key) using key (record_key) as (

    select record_key, record_key as component_key
    from record
    union
    select
        link.neighbour_key as record_key,
        min(label.component_key) as component_key
    from label
    inner join link on label.record_key = link.record_key
    inner join recurring.label as known on link.neighbour_key = known.record_key
    where label.component_key < known.component_key
    group by link.neighbour_key

),

parent_link as (

    select parent_link.record_key
    from {{ ref('int_account_parent__cut') }} as parent_link
    inner join record as parent on parent_link.parent_record_key = parent.record_key
    where not parent_link.is_cut

)

select
    label.record_key,
    label.component_key,
    row_number() over (
        partition by label.component_key
        order by
            case record.account_kind when 'erp_customer' then 1 else 2 end,
            case when record.merged_into_account_key is null then 1 else 2 end,
            case when parent_link.record_key is null then 1 else 2 end,
            record.account_key nulls last
    ) = 1 as is_root
from label
inner join record on label.record_key = record.record_key
left join parent_link on label.record_key = parent_link.record_key
