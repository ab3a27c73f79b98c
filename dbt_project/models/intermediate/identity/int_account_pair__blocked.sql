{%- set most_in_block = 60 -%}
{%- set shortest_word = 4 -%}
with named as (

    select * from {{ ref('int_account_name__cleaned') }}

),

-- Records of one group that read alike are compared once, through the smallest of them.
alike as (

    select group_id, clean_name, domain, city, tax_root, min(record_key) as record_key
    from named
    group by group_id, clean_name, domain, city, tax_root

),

keyed as (

    select record_key, group_id, 'name ' || clean_name as block_key
    from alike
    union
    select record_key, group_id, 'start ' || left(replace(clean_name, ' ', ''), 6) as block_key
    from alike
    union
    select record_key, group_id, 'end ' || right(replace(clean_name, ' ', ''), 6) as block_key
    from alike
    union
    select record_key, group_id, 'word ' || word as block_key
    from (select record_key, group_id, unnest(string_split(clean_name, ' ')) as word from alike)
    where length(word) >= {{ shortest_word }}
    union
    select record_key, group_id, 'domain ' || domain as block_key
    from alike
    where domain is not null
    union
    select record_key, group_id, 'root ' || tax_root as block_key
    from alike
    where tax_root is not null

),

-- What many records share tells none of them apart.
block as (

    select * from keyed
    qualify count(*) over (partition by block_key) <= {{ most_in_block }}

),

crosswalk as (

    select
        left_kind || ' ' || left_id as one_key,
        right_kind || ' ' || right_id as other_key
    from {{ source('config', 'account_crosswalk') }}

),

pair as (

    select one.record_key as one_key, other.record_key as other_key
    from block as one
    inner join block as other
        on one.block_key = other.block_key
        and one.record_key < other.record_key
        and one.group_id <> other.group_id
    union
    select least(one_key, other_key) as one_key, greatest(one_key, other_key) as other_key
    from crosswalk

),

-- The side with the smaller id stands left, whatever its kind.
sided as (

    select distinct
        case when one.account_key <= other.account_key then pair.one_key else pair.other_key end as left_key,
        case when one.account_key <= other.account_key then pair.other_key else pair.one_key end as right_key
    from pair
    inner join named as one on pair.one_key = one.record_key
    inner join named as other on pair.other_key = other.record_key
    where pair.one_key <> pair.other_key

)

select
    sided.left_key,
    sided.right_key,
    one.clean_name as left_name,
    other.clean_name as right_name,
    one.group_id as left_group_id,
    other.group_id as right_group_id,
    one.domain = other.domain as is_same_domain,
    one.city = other.city as is_same_city,
    one.tax_root = other.tax_root as is_same_tax_root
from sided
inner join named as one on sided.left_key = one.record_key
inner join named as other on sided.right_key = other.record_key
