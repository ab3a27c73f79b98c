{{ config(materialized='view') }}
select * from {{ source('scores', 'account_ltv_night') }}
