select
    shipped.source_system,
    shipped.month
from {{ ref('int_source_month__shipped') }} as shipped
inner join {{ source('control', 'run') }} as run on last_day(shipped.month) <= run.as_of_date
group by shipped.source_system, shipped.month
having
    coalesce(sum(shipped.n_lines) filter (where shipped.delivered_date <= run.as_of_date), 0)
    < cast({{ threshold('otif.min_delivered_date_share') }} as decimal(5, 4)) * sum(shipped.n_lines)
