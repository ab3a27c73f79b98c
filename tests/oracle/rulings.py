"""Every ruling on money that an invented company must exercise, by a short name."""

RULINGS = {
    # documents and the column each feeds
    "invoice", "debit_note", "credit_note", "return", "rebate", "intercompany_document",
    "intercompany_customer", "intercompany_credit", "intercompany_cancellation", "unmapped_money",
    "cancelled_invoice", "cancelled_credit", "cancelled_credit_in_part", "cancelled_rebate",
    "cancelled_in_part", "cancellation_of_a_document", "cancellation_of_unknown_origin",
    # currency
    "base_other_than_reporting", "inverse_pair", "days_without_rate", "month_without_rate",
    "document_currency_other_than_base", "company_without_row", "cost_at_constant_rate",
    # list value
    "list_from_line", "list_from_price_list", "list_on_order_date", "list_after_offer",
    "list_from_discount", "list_from_net", "list_in_other_currency", "line_of_zero",
    # matching of credits
    "credit_linked_to_line", "credit_linked_to_document", "credit_with_dangling_link",
    "credit_first_in_first_out", "credit_beyond_365_days", "credit_over_what_is_left",
    "credit_without_product", "credit_without_quantity", "credit_parts_with_a_cent_over",
    # cost of goods
    "cost_step_1", "cost_step_2", "cost_step_3", "cost_step_4", "cost_365_days", "cost_366_days",
    "product_without_family", "ship_date", "ship_date_of_origin", "shipped_in_the_next_month",
    "restocked", "not_restocked", "billed_freight",
    # costs to serve
    "freight_posted", "freight_unassigned", "freight_without_deliveries", "weight_of_family",
    "weight_of_all", "delivery_without_order", "order_cancelled", "expedite_posted",
    "expedite_at_rate", "return_handling", "hours", "default_minutes", "two_of_us", "case",
    "prospect_activity", "financing", "financing_netted", "rebate_repeated",
    "trade_spend", "company_of_document", "company_of_order", "company_of_group",
    "company_of_group_later", "company_of_nobody",
    # portfolio, cohorts, proof
    "negative_client", "channel_unknown", "category_unknown", "new_client", "key_by_decision",
    "key_by_dates", "manager_changed", "ledger_missing", "ledger_open", "ledger_without_lines",
    "quarantined_money", "quarantined_unreadable", "quoted_both_ways", "freight_credited",
    "cost_of_unknown_client", "freight_repeated", "activity_of_merged_account",
    "activity_of_nobody", "day_in_the_company_s_zone", "created_before_the_first_invoice",
    "manager_by_owner", "cancelled_credit_after_a_change_of_cost",
}  # fmt: skip
WITHOUT_RATE = {"currency_without_rate", "books_without_rate"}
