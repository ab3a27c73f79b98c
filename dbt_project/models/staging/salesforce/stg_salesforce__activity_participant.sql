with activity as (

    select
        {{ salesforce_key('Id') }} as activity_id,
        OwnerId,
        WhoId,
        {{ lineage('Task') }}
    from {{ source('raw_salesforce', 'task') }}
    where not _is_deleted and (lower(trim(IsClosed)) = 'true' or trim(Status) = 'Completed')
    union all
    select
        {{ salesforce_key('Id') }} as activity_id,
        OwnerId,
        WhoId,
        {{ lineage('Event') }}
    from {{ source('raw_salesforce', 'event') }}
    where not _is_deleted and coalesce(lower(trim(IsChild)), 'false') <> 'true'

),

invited as (

    select
        {{ salesforce_key('EventId') }} as activity_id,
        RelationId as native_party,
        {{ lineage('EventRelation') }}
    from {{ source('raw_salesforce', 'eventrelation') }}
    where not _is_deleted and coalesce(lower(trim(IsWhat)), 'false') <> 'true'

),

party as (

    select * exclude (OwnerId, WhoId), OwnerId as native_party, 1 as origin from activity
    union all by name
    select * exclude (OwnerId, WhoId), WhoId as native_party, 2 as origin from activity
    union all by name
    select *, 3 as origin from invited
    where activity_id in (select activity.activity_id from activity)

)

select
    activity_id,
    case when trim(native_party) like '005%' then 'person' else 'contact' end as party_kind,
    {{ salesforce_key('native_party') }} as party_id,
    _extract_name,
    _delivery_id,
    _file_row,
    _extract_date,
    cast(null as varchar) as _reject
from party
where trim(native_party) like '005%' or trim(native_party) like '003%'
qualify
    row_number() over (
        partition by activity_id, party_id
        order by origin, _extract_date desc, _delivery_id, _file_row nulls last
    ) = 1
