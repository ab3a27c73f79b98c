-- An invented company in the tables of Odoo 17, small enough to be worked by hand.
create table res_company (id int, name varchar, currency_id int, partner_id int);
create table res_currency (id int, name varchar);
create table res_currency_rate (id int, name date, currency_id int, rate numeric, company_id int);
create table res_country (id int, code varchar);
create table res_country_state (id int, code varchar);
create table res_users (id int, login varchar, partner_id int, active boolean);
create table res_partner (
    id int, name varchar, commercial_partner_id int, parent_id int, is_company boolean, active boolean, create_date timestamp,
    vat varchar, email varchar, phone varchar, function varchar, website varchar, city varchar, country_id int, state_id int,
    user_id int, type varchar, customer_rank int, supplier_rank int, write_date timestamp
);
create table product_product (id int, product_tmpl_id int, weight numeric);
create table product_template (id int, name jsonb, categ_id int, uom_id int, weight numeric);
create table product_category (id int, name varchar);
create table uom_uom (id int, name jsonb, factor numeric);
create table account_account (id int, code varchar, account_type varchar);
create table account_move (
    id int, move_type varchar, state varchar, partner_id int, commercial_partner_id int, date date, invoice_date date,
    company_id int, currency_id int, reversed_entry_id int, invoice_user_id int
);
create table account_move_line (
    id int, move_id int, account_id int, partner_id int, product_id int, quantity numeric, price_unit numeric, discount numeric,
    price_subtotal numeric, balance numeric, amount_residual numeric, date_maturity date, currency_id int, company_id int,
    display_type varchar, product_uom_id int
);
create table account_partial_reconcile (
    id int, debit_move_id int, credit_move_id int, amount numeric, max_date date, create_date timestamp
);
create table sale_order (
    id int, partner_id int, date_order timestamp, commitment_date timestamp, state varchar, company_id int, currency_id int
);
create table sale_order_line (
    id int, order_id int, product_id int, product_uom int, product_uom_qty numeric, price_subtotal numeric, display_type varchar
);
create table sale_order_line_invoice_rel (order_line_id int, invoice_line_id int);
create table stock_picking (id int, date_done timestamp, state varchar, picking_type_id int, company_id int);
create table stock_picking_type (id int, code varchar);
create table stock_move (
    id int, picking_id int, sale_line_id int, product_id int, product_uom int, state varchar, product_uom_qty numeric,
    quantity numeric
);
create table crm_lead (
    id int, type varchar, name varchar, partner_id int, stage_id int, expected_revenue numeric, active boolean,
    create_date timestamp, date_closed timestamp, date_deadline date, user_id int
);
create table crm_stage (id int, name jsonb, is_won boolean);
create table mail_message (
    id int, model varchar, res_id int, date timestamp, message_type varchar, author_id int, subject varchar,
    is_internal boolean, mail_activity_type_id int
);
create table mail_activity_type (id int, category varchar);

insert into res_company values (1, 'Tecelagem Serra Azul', 6, 1);
insert into res_currency values (6, 'BRL'), (2, 'USD');
insert into res_currency_rate values (1, '2025-12-31', 2, 0.181818181818, 1), (2, '2026-03-05', 2, 0.2, 1);
insert into res_country values (31, 'BR'), (233, 'US');
insert into res_country_state values (7, 'SC');
insert into res_users values (2, 'rui@serraazul.example', 3, true);
insert into res_partner values
(1, 'Tecelagem Serra Azul', 1, null, true, true, '2020-01-01 12:00', null, null, null, null, null, null, 31, null, null, 'contact', 1, 0, null),
(3, 'Rui Sá', 3, null, false, true, '2020-01-01 12:00', null, null, null, null, null, null, 31, null, null, 'contact', 0, 0, null),
(10, 'Casa Lumen', 10, null, true, true, '2020-05-04 12:00', 'BR55.610.329/0001-66', null, null, null, 'https://www.casalumen.example', 'Itajaí', 31, 7, 2, 'contact', 5, 0, null),
(11, 'Casa Lumen, entrega', 10, 10, false, true, '2020-05-04 12:00', null, null, null, null, null, 'Itajaí', 31, 7, null, 'delivery', 0, 0, null),
(12, 'Ana Lima', 10, 10, false, true, '2021-05-04 12:00', null, 'ana@casalumen.example', null, 'Compras', null, null, 31, null, null, 'contact', 0, 0, '2026-01-05 12:00'),
(20, 'Rede Aurora', 20, null, true, true, '2021-01-20 12:00', '7KD20X41000190', null, null, null, null, 'Recife', 31, null, 2, 'contact', 3, 0, null),
(30, 'Lakeside Linens Inc', 30, null, true, true, '2023-03-15 12:00', '99-1234567', null, null, null, 'lakesidelinens.example', null, 233, null, 2, 'contact', 1, 0, null),
(40, 'Fios do Sul', 40, null, true, true, '2020-02-01 12:00', '33905618000150', null, null, null, null, null, 31, null, null, 'contact', 0, 4, null);
insert into product_category values (3, 'Banho');
insert into uom_uom values (1, '{"en_US": "Units", "pt_BR": "Unidade"}', 1), (2, '{"en_US": "Dozens"}', 0.083333333333);
insert into product_template values (50, '{"en_US": "Bath towel", "pt_BR": "Toalha de banho"}', 3, 1, 0.4);
insert into product_product values (5, 50, null);
insert into account_account values
(40, '3.1.1', 'income'), (41, '3.1.2', 'income'), (50, '1.1.2', 'asset_receivable'), (60, '2.1.5', 'liability_current'),
(70, '1.1.1', 'asset_cash');
insert into account_move values
(1, 'out_invoice', 'posted', 11, 10, '2026-02-10', '2026-02-10', 1, 6, null, 2),
(2, 'out_refund', 'posted', 10, 10, '2026-03-12', '2026-03-12', 1, 6, 1, 2),
(3, 'out_invoice', 'posted', 20, 20, '2026-03-06', '2026-03-05', 1, 6, null, 2),
(4, 'out_invoice', 'draft', 20, 20, '2026-03-06', '2026-03-06', 1, 6, null, 2),
(5, 'out_invoice', 'cancel', 20, 20, '2026-03-06', '2026-03-06', 1, 6, null, 2),
(6, 'out_invoice', 'posted', 30, 30, '2026-03-05', '2026-03-05', 1, 2, null, 2),
(7, 'in_invoice', 'posted', 40, 40, '2026-03-05', '2026-03-05', 1, 6, null, null),
(8, 'out_invoice', 'posted', 1, 1, '2026-03-20', '2026-03-20', 1, 6, null, null),
(9, 'entry', 'posted', 10, 10, '2026-03-11', null, 1, 6, null, null);
insert into account_move_line values
-- 10 dozen at 132.00 less 10 %, and a down payment of 188.00 taken back; tax and the client's debt
(101, 1, 40, 10, 5, 10, 132, 10, 1188.00, -1188.00, 0, null, 6, 1, 'product', 2),
(102, 1, 40, 10, null, -1, 188, 0, -188.00, 188.00, 0, null, 6, 1, 'product', 1),
(103, 1, null, 10, null, null, null, null, null, 0, 0, null, 6, 1, 'line_section', null),
(104, 1, 60, 10, null, 1, 120, 0, 120.00, -120.00, 0, null, 6, 1, 'tax', null),
(105, 1, 50, 10, null, 1, null, null, null, 1120.00, 485.60, '2026-03-12', 6, 1, 'payment_term', null),
(201, 2, 40, 10, 5, 1, 132, 0, 120.00, 120.00, 0, null, 6, 1, 'product', 2),
(202, 2, 60, 10, null, 1, 14.40, 0, 14.40, 14.40, 0, null, 6, 1, 'tax', null),
(203, 2, 50, 10, null, 1, null, null, null, -134.40, 0, '2026-03-12', 6, 1, 'payment_term', null),
(301, 3, 40, 20, 5, 8, 100, 0, 800.00, -800.00, 0, null, 6, 1, 'product', 1),
(302, 3, 50, 20, null, 1, null, null, null, 800.00, 800.00, '2026-04-05', 6, 1, 'payment_term', null),
(401, 4, 40, 20, 5, 9, 111, 0, 999.00, -999.00, 0, null, 6, 1, 'product', 1),
(501, 5, 40, 20, 5, 7, 100, 0, 700.00, -700.00, 0, null, 6, 1, 'product', 1),
-- USD 1,040.10 at 5.00, in the books as posted
(601, 6, 41, 30, 5, 100, 10.401, 0, 1040.10, -5200.50, 0, null, 2, 1, 'product', 1),
(602, 6, 50, 30, null, 1, null, null, null, 5200.50, 5200.50, '2026-04-04', 2, 1, 'payment_term', null),
(701, 7, 60, 40, null, 1, 300, 0, 300.00, 300.00, 0, null, 6, 1, 'product', null),
(801, 8, 40, 1, 5, 6, 100, 0, 600.00, -600.00, 0, null, 6, 1, 'product', 1),
(802, 8, 50, 1, null, 1, null, null, null, 600.00, 600.00, '2026-04-19', 6, 1, 'payment_term', null),
(901, 9, 50, 10, null, null, null, null, null, -700.00, -200.00, '2026-03-11', 6, 1, 'payment_term', null),
(902, 9, 70, 10, null, null, null, null, null, 700.00, 0, null, 6, 1, null, null);
insert into account_partial_reconcile values
(1, 105, 901, 500.00, '2026-03-11', '2026-03-11 15:00'), (2, 105, 203, 134.40, '2026-03-12', '2026-03-12 15:00');
insert into sale_order values
(7, 11, '2026-02-03 01:00', '2026-02-09 12:00', 'sale', 1, 6), (8, 20, '2026-02-03 12:00', null, 'draft', 1, 6),
(9, 20, '2026-03-02 12:00', '2026-03-10 12:00', 'cancel', 1, 6);
insert into sale_order_line values
(71, 7, 5, 2, 10, 1188.00, null), (72, 7, null, null, 0, 0, 'line_note'), (81, 8, 5, 1, 9, 999.00, null),
(91, 9, 5, 1, 7, 700.00, null);
insert into sale_order_line_invoice_rel values (71, 101);
insert into stock_picking_type values (1, 'outgoing'), (2, 'incoming');
insert into stock_picking values (1, '2026-02-09 18:00', 'done', 1, 1), (2, '2026-03-12 18:00', 'done', 2, 1);
insert into stock_move values
(1, 1, 71, 5, 2, 'done', 10, 10), (2, 2, 71, 5, 2, 'done', 1, 1), (3, 1, 71, 5, 2, 'cancel', 1, 0);
insert into crm_stage values (1, '{"en_US": "New", "pt_BR": "Novo"}', false), (4, '{"en_US": "Won", "pt_BR": "Ganho"}', true);
insert into crm_lead values
(1, 'opportunity', 'Linha hotel', 20, 4, 9000, true, '2026-01-15 12:00', '2026-02-01 12:00', null, 2),
(2, 'opportunity', 'Cozinha', 12, 1, 4000, false, '2026-01-15 12:00', '2026-03-01 12:00', null, 2),
(3, 'lead', 'Hotel Mirante', null, 1, 0, true, '2026-03-01 12:00', null, null, 2);
insert into mail_activity_type values (2, 'phonecall');
insert into mail_message values
(1, 'res.partner', 10, '2026-03-02 13:00', 'notification', 3, null, false, 2),
(2, 'crm.lead', 1, '2026-03-03 13:00', 'email', 20, 'Preço', false, null),
(3, 'res.partner', 10, '2026-03-03 14:00', 'comment', 3, null, true, null);
