with cut as (

    select
        cut_date,
        max(value_rc) filter (where tier = 'P1') as first_cut_rc,
        max(value_rc) filter (where tier = 'P2') as second_cut_rc
    from {{ ref('segment_cut') }}
    group by cut_date

)

select
    cut_date,
    first_cut_rc,
    second_cut_rc,
    last_value(first_cut_rc ignore nulls) over before as first_cut_before_rc,
    last_value(second_cut_rc ignore nulls) over before as second_cut_before_rc
from cut
window before as (
    order by cut_date nulls last rows between unbounded preceding and 1 preceding
)
