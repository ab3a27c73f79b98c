select as_of_date
from {{ source('control', 'night') }}
union
select as_of_date - {{ threshold('health.components.sow_trend.lag_days') }} as as_of_date
from {{ source('control', 'night') }}
union
select review_date as as_of_date
from {{ ref('int_review__listed') }}
