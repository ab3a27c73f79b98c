"""Questions to the published file whose answer is always: no row."""

PNL = "kam.account_pnl_monthly"

IDENTITIES = {
    "both_trees_hold_the_same_money": f"""
        select * from (
            select company_code, month, sum(ledger_revenue_rc) as revenue, sum(contribution_rc)
            from {PNL} group by all
            except
            select company_code, month, sum(revenue), sum(contribution) from (
                select company_code, month, group_id_as_was, sum(ledger_revenue_rc) as revenue,
                    sum(contribution_rc) as contribution
                from {PNL} group by all
            ) group by all
        )""",
    "revenue_in_the_books_of_the_reporting_currency_is_what_the_proof_published": f"""
        select company_code, month, sum(ledger_revenue_rc) as revenue,
            any_value(proof.published_base) as published
        from {PNL}
        left join (
            select company_code, cast(period || '-01' as date) as month,
                sum(published_base) as published_base
            from kam_ops.recon_ledger group by all
        ) as proof using (company_code, month)
        where company_code in ('01', '03')
        group by all
        having revenue <> coalesce(published, 0)""",
    "the_ledger_of_a_closed_period_is_met_or_says_why_not": """
        select * from kam_ops.recon_ledger
        where is_closed and status in ('OK', 'QUARANTINED')
            and (difference_base <> 0 or ledger_base <> subledger_base or unexplained_base <> 0)""",
    "matched_and_unmatched_credits_are_the_credits": f"""
        select group_id, company_code from {PNL}
        group by all
        having count(returns_credits_rc) = count(*)
            and sum(returns_credits_rc) <> sum(returns_matched_rc + returns_unmatched_rc)""",
    "a_cell_adds_up": f"""
        select * from {PNL}
        where gross_list_rc - on_invoice_discount_rc <> invoiced_ex_tax_rc
            or ledger_revenue_rc
                <> invoiced_ex_tax_rc - returns_credits_rc - trade_spend_documents_rc
            or net_revenue_rc <> ledger_revenue_rc - trade_spend_costs_rc
            or gross_margin_rc <> net_revenue_rc - cost_of_goods_rc
            or cost_to_serve_rc <> freight_rc + handling_rc + returns_handling_rc
                + selling_service_rc + financing_rc
            or contribution_rc <> gross_margin_rc - cost_to_serve_rc
            or estimated_cost_share not between 0 and 1""",
    "shares_add_to_one": """
        select as_of_date, measure from kam.account_concentration
        group by all
        having count(share) = count(*) and abs(sum(share) - 1) > 1e-9 and max(value_rc) > 0""",
    "a_share_of_the_largest_is_the_concentration": """
        select * from kam.concentration_monthly as index
        inner join kam.account_concentration as client using (as_of_date, measure)
        where index.scope = 'company' and client.rank_number = 1
            and abs(index.top1_share - client.share) > 1e-12""",
    "the_index_and_the_effective_number_are_inverse": """
        select * from kam.concentration_monthly
        where abs(herfindahl_index * effective_n - 10000) > 1e-6""",
    "what_stays_is_at_most_all_and_at_most_what_grows": """
        select * from kam.retention_cohort
        where gross_revenue_retention > 1 or gross_revenue_retention > net_revenue_retention
            or logo_retention not between 0 and 1
            or base_cc - contraction_cc - lost_cc < 0""",
    "what_is_missing_says_why": f"""
        select * from {PNL}
        where (missing_reason is null) <> (
            net_revenue_rc is not null and contribution_rc is not null
            and net_revenue_cc is not null and estimated_cost_share is not null
            and gross_list_rc is not null and uncosted_revenue_rc is not null
            and returns_matched_rc is not null)""",
}
