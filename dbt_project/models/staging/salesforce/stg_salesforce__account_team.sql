with member as (

    select
        *,
        case {{ label_code('TeamMemberRole') }}
            when 'account_manager' then 'account_manager'
            when 'seller' then 'seller'
            when 'sales_rep' then 'seller'
            when 'executive_sponsor' then 'executive_sponsor'
            when 'specialist' then 'specialist'
            else 'other'
        end as team_role,
        coalesce({{ parsed_boolean('IsDeleted') }}, false) as has_left
    from {{ source('raw_salesforce', 'accountteammember') }}

)

select
    {{ salesforce_key('AccountId') }} as account_id,
    {{ salesforce_key('UserId') }} as person_id,
    team_role as role,
    coalesce({{ parsed_date('Valid_From__c') }}, {{ salesforce_local_date('CreatedDate') }}) as valid_from,
    cast(null as varchar) as department,
    coalesce(
        {{ parsed_date('Valid_To__c') }},
        case when has_left then {{ salesforce_local_date('LastModifiedDate') }} end
    ) as valid_to,
    team_role = 'account_manager' as is_account_manager,
    cast(null as boolean) as is_successor,
    team_role = 'executive_sponsor' as is_executive_sponsor,
    {{ lineage('AccountTeamMember') }},
    {{ first_reject([
        ('Valid_From__c', parsed_date('Valid_From__c'), 'TYPE', 'valid_from'),
        ('CreatedDate', parsed_utc('CreatedDate'), 'TYPE', 'valid_from'),
        ('Valid_To__c', parsed_date('Valid_To__c'), 'TYPE', 'valid_to'),
    ]) }} as _reject
from member
