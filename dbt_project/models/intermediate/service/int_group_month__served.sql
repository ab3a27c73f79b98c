select
    group_id,
    month,
    bool_and(is_left_out) as is_without_arrivals,
    count(*) filter (where not is_left_out) as lines_due,
    count(*) filter (where not is_left_out and is_otif) as lines_otif_promised,
    count(*) filter (where not is_left_out and is_requested) as lines_requested,
    count(*) filter (where not is_left_out and is_requested and is_otif_requested) as lines_otif_requested,
    count(*) filter (where not is_left_out and is_late) as late_lines,
    count(*) filter (where not is_left_out and is_short) as short_lines,
    {%- for cause in ['finance', 'production', 'logistics', 'unknown'] %}
    count(*) filter (where not is_left_out and late_cause = '{{ cause }}') as late_cause_{{ cause }},
    {%- endfor %}
    cast(sum(filled_quantity) as double) / cast(sum(ordered_quantity) as double) as fill_rate_qty
from {{ ref('int_order_line__judged') }}
group by group_id, month
