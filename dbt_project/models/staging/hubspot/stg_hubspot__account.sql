with company as (

    select
        *,
        {{ parsed_boolean('is_key_account', ['true', 'yes', 'sim'], ['false', 'no', 'não', 'nao']) }} as key_account
    from {{ source('raw_hubspot', 'company') }}
    where not _is_deleted

),

-- A record that was merged away is gone from the API; its survivor still names it.
merged as (

    select
        trim(unnest(string_split(hs_merged_object_ids, ';'))) as merged_id,
        id as survivor_id,
        name,
        _delivery_id,
        _file_row,
        _extract_date
    from company
    where {{ text('hs_merged_object_ids') }} is not null

)

select
    {{ native_id('id') }} as account_id,
    {{ text('name') }} as account_name,
    {{ tax_number('tax_id') }} as tax_id,
    coalesce({{ web_domain('domain') }}, {{ web_domain('website') }}) as domain,
    {{ text('city') }} as city,
    {{ native_id('hs_parent_company_id') }} as parent_account_id,
    {{ parsed_list('erp_customer_ids') }} as erp_customer_ids,
    {{ native_id('hubspot_owner_id') }} as owner_person_id,
    cast(null as varchar) as merged_into_account_id,
    {{ text('industry') }} as industry,
    key_account as is_key_account,
    {{ hubspot_date('key_account_from') }} as key_account_from,
    {{ hubspot_date('key_account_to') }} as key_account_to,
    {{ lineage('company') }},
    {{ first_reject([
        ('is_key_account', 'key_account', 'TYPE', 'is_key_account'),
        ('key_account_from', hubspot_date('key_account_from'), 'TYPE', 'key_account_from'),
        ('key_account_to', hubspot_date('key_account_to'), 'TYPE', 'key_account_to'),
    ]) }} as _reject
from company
union all by name
select
    {{ native_id('merged_id') }} as account_id,
    {{ text('name') }} as account_name,
    {{ native_id('survivor_id') }} as merged_into_account_id,
    {{ lineage('company') }},
    cast(null as varchar) as _reject
from merged
where merged_id <> ''
