with measured as (

    select * from {{ ref('int_group_review__measured') }}

),

cut as (

    select
        max(value_rc) filter (where tier = 'P1') as first_cut_rc,
        max(value_rc) filter (where tier = 'P2') as second_cut_rc
    from {{ ref('int_segment_cut__drawn') }}

)

select
    measured.*,
    case
        when measured.potential_value_rc is null or cut.first_cut_rc is null then 'P?'
        when measured.potential_value_rc >= cut.first_cut_rc then 'P1'
        when measured.potential_value_rc >= cut.second_cut_rc then 'P2'
        else 'P3'
    end as tier,
    {{ appetite_level('measured.appetite_score') }} as appetite,
    {{ impact_level('measured.impact_score') }} as impact,
    case
        when
            abs(measured.potential_value_rc - cut.first_cut_rc)
            <= abs(measured.potential_value_rc - cut.second_cut_rc)
            then cut.first_cut_rc
        else cut.second_cut_rc
    end as nearest_cut_rc
from measured
cross join cut
