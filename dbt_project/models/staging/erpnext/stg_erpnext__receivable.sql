with invoice as (

    select
        *,
        {{ parsed_iso_date('posting_date') }} as issued_date,
        coalesce({{ text('due_date') }}, {{ text('posting_date') }}) as native_due_date,
        {{ parsed_iso_date('native_due_date') }} as owed_date,
        {{ erpnext_invoice_total() }} as amount_base,
        cast({{ parsed_decimal('outstanding_amount') }} * case
            when {{ text('party_account_currency') }} = {{ text('currency') }}
                then coalesce({{ parsed_decimal('conversion_rate', type='decimal(18, 9)') }}, 1)
            else 1
        end as decimal(18, 2)) as open_amount_base
    from {{ source('raw_erpnext', 'sales_invoice') }}
    where not _is_deleted and {{ erpnext_is_submitted('docstatus') }}

),

ordered as (

    select
        {{ text('parent') }} as payment_name,
        sum(
            {{ parsed_decimal('allocated_amount') }}
            * coalesce({{ erpnext_filled('exchange_rate', 'decimal(18, 9)') }}, 1)
        ) as amount_base
    from {{ source('raw_erpnext', 'payment_entry_reference') }}
    where not _is_deleted and trim(reference_doctype) = 'Sales Order'
    group by {{ text('parent') }}

),

-- Money that came before its invoice is owed to the client: not allocated yet, or only to an order.
advance as (

    select
        payment.*,
        {{ parsed_iso_date('payment.posting_date') }} as issued_date,
        -cast(
            coalesce({{ parsed_decimal('payment.unallocated_amount') }}, 0)
            * coalesce({{ erpnext_filled('payment.source_exchange_rate', 'decimal(18, 9)') }}, 1)
            + coalesce(ordered.amount_base, 0)
        as decimal(18, 2)) as amount_base
    from {{ source('raw_erpnext', 'payment_entry') }} as payment
    left join ordered on {{ text('payment.name') }} = ordered.payment_name
    where
        not payment._is_deleted
        and {{ erpnext_is_submitted('payment.docstatus') }}
        and trim(payment.payment_type) = 'Receive'
        and trim(payment.party_type) = 'Customer'

)

select
    {{ native_id('name') }} as receivable_id,
    {{ text('company') }} as company_code,
    {{ native_id('name') }} as document_id,
    {{ native_id('customer') }} as customer_id,
    issued_date,
    owed_date as due_date,
    amount_base,
    open_amount_base,
    {{ lineage('sales_invoice') }},
    coalesce(
        {{ erpnext_state_reject('docstatus', 'receivable_id') }},
        {{ first_reject([
            ('posting_date', 'issued_date', 'TYPE', 'issued_date'),
            ('native_due_date', 'owed_date', 'TYPE', 'due_date'),
            ('base_grand_total', 'amount_base', 'NUM_FORMAT', 'amount_base'),
            ('outstanding_amount', 'open_amount_base', 'NUM_FORMAT', 'open_amount_base'),
        ]) }}
    ) as _reject
from invoice
union all
select
    {{ native_id('name') }} as receivable_id,
    {{ text('company') }} as company_code,
    cast(null as varchar) as document_id,
    {{ native_id('party') }} as customer_id,
    issued_date,
    issued_date as due_date,
    amount_base,
    amount_base as open_amount_base,
    {{ lineage('payment_entry') }},
    coalesce(
        {{ erpnext_state_reject('docstatus', 'receivable_id') }},
        {{ first_reject([
            ('posting_date', 'issued_date', 'TYPE', 'issued_date'),
            ('unallocated_amount', parsed_decimal('unallocated_amount'), 'NUM_FORMAT', 'amount_base'),
        ]) }}
    ) as _reject
from advance
where
    amount_base <> 0
    or ({{ text('unallocated_amount') }} is not null and {{ parsed_decimal('unallocated_amount') }} is null)
