with drawn as (

    select * from {{ ref('int_segment_cut__drawn') }}

),

remembered as (

    select
        max(cut_date) as cut_date,
        arg_max(freeze_reason, cut_date) as freeze_reason,
        coalesce(max(cut_date) = max(cut_date) filter (where value_rc is not null), false) as is_drawn
    from {{ source('memory', 'segment_cut') }}

),

last_review as (

    select
        max(review_date) as review_date,
        arg_max(cuts_hash, review_date) as cuts_hash
    from {{ source('memory', 'segment_review') }}

),

dated as (

    select
        review.review_date,
        drawn.value_rc is not null as is_drawn,
        case
            when remembered.cut_date is null and review.is_first then 'FIRST'
            when review.is_first and last_review.cuts_hash <> {{ segment_cuts_hash() }} then 'CONFIG'
            when
                year(review.review_date)
                <> year(coalesce(
                    lag(review.review_date) over (order by review.review_date nulls last),
                    last_review.review_date
                ))
                then 'YEAR'
        end as due_reason
    from {{ ref('int_review__listed') }} as review
    inner join drawn on review.review_date = drawn.review_date and drawn.tier = 'P1'
    cross join remembered
    cross join last_review

),

spanned as (

    select
        *,
        count(due_reason) over (
            order by review_date nulls last rows between unbounded preceding and current row
        ) as span_number
    from dated

),

-- A freeze that found too few wallets is tried again at each review, until one finds enough.
tried as (

    select
        spanned.review_date,
        spanned.due_reason is not null as is_due,
        spanned.is_drawn,
        case
            when spanned.span_number = 0 then remembered.freeze_reason
            else max(spanned.due_reason) over (partition by spanned.span_number)
        end as freeze_reason,
        case when spanned.span_number = 0 then remembered.is_drawn else false end
        or coalesce(
            bool_or(spanned.is_drawn) over (
                partition by spanned.span_number order by spanned.review_date nulls last
                rows between unbounded preceding and 1 preceding
            ),
            false
        ) as is_settled
    from spanned
    cross join remembered

)

select
    drawn.review_date as cut_date,
    drawn.tier,
    drawn.value_rc,
    cast(drawn.n as bigint) as n,
    tried.freeze_reason,
    case when drawn.value_rc is null then 'value_rc:TOO_FEW' end as missing_reason
from tried
inner join drawn on tried.review_date = drawn.review_date
where tried.is_due or (tried.is_drawn and not tried.is_settled)
