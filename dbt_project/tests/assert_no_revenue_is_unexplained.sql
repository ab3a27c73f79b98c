select * from {{ ref('recon_ledger') }}
where unexplained_base <> 0
