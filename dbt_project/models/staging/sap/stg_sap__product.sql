with description as (

    select
        *,
        count(*) over (partition by trim(SPRAS)) as described_products
    from {{ source('raw_sap', 'makt') }}
    where not _is_deleted and {{ text('MAKTX') }} is not null

),

-- The language in which most products are described: descriptions of one list, not of several.
named as (

    select
        {{ sap_key('MATNR') }} as number,
        trim(MAKTX) as product_name
    from description
    qualify
        row_number() over (
            partition by {{ sap_key('MATNR') }}
            order by described_products desc, trim(SPRAS) nulls last, _file_row nulls last
        ) = 1

),

material as (

    select
        *,
        {{ sap_key('MATNR') }} as number,
        {{ sap_decimal('NTGEW', 'decimal(18, 6)') }} as weight
    from {{ source('raw_sap', 'mara') }}
    where not _is_deleted

)

select
    {{ sap_id('material.MATNR') }} as product_id,
    coalesce(named.product_name, material.number) as product_name,
    {{ text('material.MATKL') }} as category,
    {{ text('material.PRDHA') }} as family,
    {{ text('material.MEINS') }} as unit,
    cast(nullif(material.weight, 0) * case upper(trim(material.GEWEI))
        when 'KG' then 1 when 'G' then 0.001 when 'TO' then 1000 when 'LB' then 0.45359237
    end as double) as weight_kg,
    coalesce(trim(material.MTART) not in ('VERP', 'LEIH', 'DIEN'), true) as is_revenue,
    {{ lineage('MARA', 'material') }},
    {{ first_reject([('material.NTGEW', 'material.weight', 'NUM_FORMAT', 'weight_kg')]) }} as _reject
from material
left join named on material.number = named.number
