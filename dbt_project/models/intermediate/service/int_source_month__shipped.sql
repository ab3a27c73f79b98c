select
    source_system,
    cast(date_trunc('month', shipped_date) as date) as month,
    delivered_date,
    count(*) as n_lines
from {{ ref('delivery_line') }}
where shipped_date is not null
group by source_system, month, delivered_date
