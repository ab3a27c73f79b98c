-- Days since something that never was count from the first day of the client.
with gathered as (

    select
        *,
        1 - invoice_error_rate as accurate_share,
        {{ told_ratio('promotions_on_time', 'promotions_due') }} as promotion_share,
        last_date - coalesce(last_visit_date, tenure_start_date) as visit_days,
        last_date - coalesce(last_plan_review_date, tenure_start_date) as plan_review_days,
        case when not coalesce(tenure_start_date <= last_date, false) then 'NEW' end as unbegun_reason
    from {{ ref('int_client_month__gathered') }}

),

measured as (

    select
        month,
        last_date,
        group_id,
        service_profile,
        unnest([
            struct_pack(element_id := 'OTIF', actual := otif_promised, reason :=
                coalesce({{ reason_of('otif_promised', 'missing_reason') }}, order_reason)
            ),
            struct_pack(element_id := 'READY_ON_TIME', actual := ready_share, reason :=
                coalesce(order_reason, case when n_planned_lines = 0 then 'NO_SOURCE' end)
            ),
            struct_pack(element_id := 'CASE_HOURS', actual := case_hours_to_close_median, reason :=
                coalesce({{ reason_of('case_hours_to_close_median', 'missing_reason') }}, case_reason)
            ),
            struct_pack(element_id := 'CREDIT_HOURS', actual := hold_hours, reason := credit_hold_reason),
            struct_pack(element_id := 'INVOICE_ACCURACY', actual := accurate_share, reason :=
                coalesce({{ reason_of('invoice_error_rate', 'missing_reason') }}, invoice_reason)
            ),
            struct_pack(element_id := 'EXCEPTION_ANSWER_HOURS', actual := answer_hours, reason :=
                policy_exception_reason
            ),
            struct_pack(element_id := 'PROMO_ON_TIME', actual := promotion_share, reason := promotion_reason),
            struct_pack(element_id := 'JOINT_CAMPAIGNS', actual := cast(n_campaigns as double), reason :=
                coalesce(
                    case when is_new then 'NEW' end,
                    account_event_reason,
                    case when is_event_cut then 'NO_HISTORY' end
                )
            ),
            struct_pack(element_id := 'VISIT_CADENCE', actual := cast(visit_days as double), reason :=
                coalesce(case when last_visit_date is null then unbegun_reason end, activity_reason)
            ),
            struct_pack(element_id := 'EXEC_REVIEW', actual := cast(n_executive_reviews as double), reason :=
                coalesce(
                    case when is_new then 'NEW' end, activity_reason, case when is_review_cut then 'NO_HISTORY' end
                )
            ),
            struct_pack(element_id := 'PLAN_REVIEW', actual := cast(plan_review_days as double), reason :=
                coalesce(
                    case when last_plan_review_date is null then unbegun_reason end,
                    activity_reason,
                    case when last_plan_review_date is null and is_review_overwritten then 'NO_HISTORY' end
                )
            ),
            struct_pack(element_id := 'DEPT_BREADTH', actual := cast(n_departments as double), reason :=
                coalesce(activity_reason, case when is_breadth_cut then 'NO_HISTORY' end)
            )
        ], recursive := true)
    from gathered

)

select
    month,
    last_date,
    group_id,
    service_profile,
    element_id,
    case when reason is null then actual end as actual,
    coalesce(reason, case when actual is null then 'TOO_FEW' end) as missing_reason
from measured
