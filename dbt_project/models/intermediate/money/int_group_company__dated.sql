with invoiced as (

    select group_id, posting_date, min(company_code) as company_code
    from {{ ref('int_invoice_line__attributed') }}
    where document_type = 'INVOICE'
    group by group_id, posting_date

),

-- One row per change of company is enough.
changed as (

    select *
    from invoiced
    qualify
        company_code is distinct from lag(company_code) over (
            partition by group_id order by posting_date nulls last
        )

)

-- Before its first invoice a group belongs to the company that invoiced it first.
select
    group_id,
    case
        when lag(posting_date) over (partition by group_id order by posting_date nulls last) is null
            then date '1900-01-01'
        else posting_date
    end as valid_from_date,
    lead(posting_date) over (partition by group_id order by posting_date nulls last) as valid_to_date,
    company_code
from changed
