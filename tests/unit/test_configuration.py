"""What business people edit is refused with file, line and rule where it is wrong."""

import shutil
from pathlib import Path

import pytest
import yaml

from assets.company import load_company
from assets.faults import ConfigurationFault
from tests.conftest import ROOT, World

EXAMPLES = [ROOT / "config", *sorted(path for path in (ROOT / "examples").iterdir())]
FIRST = {
    "service_standard": "OTIF,Logistics,share,>=,PARTNER,0.97,1900-01-01",
    "department_alias": "Vendas,Sales",
    "assessment_item": "IMPACT_RESULT,impact_on_client,Question,one,five",
    "document_type_map": "erp,NF,INVOICE",
    "activity_type_map": "crm,Call,call",
    "invoice_correction_reason": "erp,PRECO,price",
    "holiday": "2026-12-25,Natal",
    "account_crosswalk": "erp_customer,erp:1,crm_account,crm:1,true,",
}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the sample company's configuration."""
    return Path(shutil.copytree(ROOT / "config", tmp_path / "config"))


def refusal(config: Path) -> str:
    with pytest.raises(ConfigurationFault) as found:
        load_company(config)
    return found.value.reason


def write_table(config: Path, table: str, *rows: str) -> Path:
    """A configuration CSV with its header, a first row that is right, and these rows."""
    path = config / f"{table}.csv"
    header = path.read_text(encoding="utf-8").splitlines()[0]
    path.write_text("\n".join([header, FIRST[table], *rows]) + "\n", encoding="utf-8")
    return path


def replace_in_metrics(config: Path, old: str, new: str) -> int:
    """Change one text of metrics.yml that stands there once; the line it is on."""
    path = config / "metrics.yml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: path.name)
def test_every_configuration_of_the_repository_is_accepted(folder: Path) -> None:
    assert load_company(folder).metrics


@pytest.mark.parametrize("table", sorted(FIRST))
def test_a_row_that_is_right_is_accepted(config: Path, table: str) -> None:
    write_table(config, table)

    assert len(load_company(config).tables[table]) == 1


WRONG_ROWS = [
    (
        "service_standard",
        "SPEED,Logistics,share,>=,NEW,0.9,1900-01-01",
        "element_id must be one of",
    ),
    ("service_standard", "OTIF,Logistica,share,>=,NEW,0.9,1900-01-01", "department must be one of"),
    ("service_standard", "OTIF,Other,share,>=,NEW,0.9,1900-01-01", "department must be one of"),
    ("service_standard", "OTIF,Logistics,percent,>=,NEW,0.9,1900-01-01", "unit must be one of"),
    ("service_standard", "OTIF,Logistics,days,>=,NEW,0.9,1900-01-01", "unit of OTIF must be share"),
    ("service_standard", "OTIF,Logistics,share,>,NEW,0.9,1900-01-01", "comparator must be one of"),
    (
        "service_standard",
        "OTIF,Logistics,share,<=,NEW,0.9,1900-01-01",
        "comparator of OTIF must be >=; found '<='",
    ),
    ("service_standard", "OTIF,Logistics,share,>=,GOLD,0.9,1900-01-01", "service_profile must be"),
    (
        "service_standard",
        "OTIF,Logistics,share,>=,NEW,much,1900-01-01",
        "target must be a number with a dot; found 'much'",
    ),
    ("service_standard", "OTIF,Logistics,share,>=,NEW,nan,1900-01-01", "target must be a number"),
    ("service_standard", 'OTIF,Logistics,share,>=,NEW,"0,9",1900-01-01', "target must be a number"),
    (
        "service_standard",
        "OTIF,Logistics,share,>=,NEW,97,1900-01-01",
        "target of OTIF must be a number from 0 to 1; found '97'",
    ),
    (
        "service_standard",
        "CASE_HOURS,Logistics,business_hours,<=,NEW,-1,1900-01-01",
        "target of CASE_HOURS must be a number of at least 0",
    ),
    ("service_standard", "OTIF,Logistics,share,>=,NEW,0.9,01/02/2026", "valid_from must be a date"),
    ("service_standard", "OTIF,Logistics,share,>=,NEW,0.9,20260201", "valid_from must be a date"),
    ("service_standard", "OTIF,Logistics,share,>=,NEW,0.9,2026-02-30", "valid_from must be a date"),
    ("service_standard", "OTIF,Logistics,share,>=,NEW,0.9,", "valid_from must be filled"),
    ("service_standard", "OTIF,Logistics,share,>=,NEW,0.9", "must have 7 values, found 6"),
    (
        "service_standard",
        "OTIF,Finance,share,>=,PARTNER,0.5,1900-01-01",
        "element_id and service_profile and valid_from must stand once; line 2 has them already",
    ),
    ("department_alias", "Comercial,Vendas", "department must be one of Sales"),
    ("department_alias", "VENDAS,Finance", "alias must stand once; line 2 has them already"),
    ("department_alias", "client,Sales", "alias must not be CLIENT"),
    ("assessment_item", "NEW_ITEM,mood,Question,one,five", "dimension must be one of"),
    ("assessment_item", "IMPACT_RESULT,difficulty,Question,one,five", "item_id must stand once"),
    ("assessment_item", "NEW_ITEM,difficulty,Question,,five", "anchor_1 must be filled"),
    ("document_type_map", "erp,X,BILL", "document_type must be one of INVOICE"),
    ("document_type_map", "erp,NF,RETURN", "source_system and native_type must stand once"),
    ("activity_type_map", "crm,Lunch,lunch", "activity_type must be one of visit"),
    ("activity_type_map", "crm,CALL,visit", "source_system and native_type must stand once"),
    ("invoice_correction_reason", "erp,X,mistake", "reason must be one of price"),
    ("invoice_correction_reason", "erp,preco,tax", "source_system and native_reason must stand"),
    ("holiday", "25.12.2026,Natal", "holiday_date must be a date YYYY-MM-DD; found '25.12.2026'"),
    ("holiday", "2026-12-25,Natal", "holiday_date and holiday_name must stand once"),
    ("holiday", "2026-12-26,", "holiday_name must be filled"),
    ("account_crosswalk", "erp_customer,erp:1,erp_customer,erp:1,true,", "must be two records"),
    ("account_crosswalk", "lead,erp:1,crm_account,crm:2,true,", "left_kind must be one of"),
    ("account_crosswalk", "erp_customer,erp:1,crm_account,crm:2,maybe,", "is_same must be one of"),
    (
        "account_crosswalk",
        "crm_account,crm:1,erp_customer,erp:1,false,",
        "must stand once; line 2 has them already",
    ),
]


@pytest.mark.parametrize(("table", "row", "rule"), WRONG_ROWS)
def test_a_wrong_row_is_refused_with_file_line_and_rule(
    config: Path, table: str, row: str, rule: str
) -> None:
    path = write_table(config, table, row)

    reason = refusal(config)

    assert str(path) in reason
    assert "line 3" in reason
    assert rule in reason


def test_the_line_of_a_row_counts_the_lines_of_the_file(config: Path) -> None:
    write_table(config, "holiday", '2026-12-24,"Véspera\nde Natal"', "", "2026-12-24;Natal,x")

    assert "line 6: holiday_date must be a date" in refusal(config)


def test_a_file_that_is_no_text_or_has_another_header_is_refused(config: Path) -> None:
    path = config / "holiday.csv"
    path.write_bytes("holiday_date,holiday_name\n2026-11-02,Finados é".encode("cp1252"))
    assert "expected UTF-8 text" in refusal(config)

    path.write_text("date,name\n", encoding="utf-8")
    assert "line 1 must be holiday_date,holiday_name; found date,name" in refusal(config)


def test_a_misspelt_file_name_is_refused_and_not_left_unread(config: Path) -> None:
    (config / "holiday.csv").rename(config / "holidays.csv")

    assert "holidays.csv: expected the name holiday.csv" in refusal(config)


WRONG_METRICS = [
    ('hours: "09:00-18:00"', 'hours: "18:00-09:00"', "calendar.hours: expected hours HH:MM-HH:MM"),
    ('hours: "09:00-18:00"', 'hours: "9-18"', "calendar.hours: expected hours HH:MM-HH:MM"),
    ("[1, 2, 3, 4, 5]", "[1, 2, 8]", "calendar.business_weekdays: expected a list of days"),
    ("[1, 2, 3, 4, 5]", "[]", "calendar.business_weekdays: expected a list of days"),
    ("max_rate_age_days: 5", "max_rate_age_days: 5.5", "expected a whole number of at least 0"),
    ("previous_year_end   #", "31.12.2025   #", "currency.constant_rate_date: expected"),
    ("service_months: 36", "service_months: 0", "history.service_months: expected a whole number"),
    ("service_months: 36", "service_months: many", 'found "many"'),
    ("early_tol_days: 1", "early_tol_days: -1", "otif.early_tol_days: expected a whole number"),
    ("in_full_tol: 1.0", "in_full_tol: 95", "otif.in_full_tol: expected a number from 0 to 1"),
    ("count_window_months: 12", "count_window_months: 0", "service.count_window_months: expected"),
    ("compliance_tolerance: 1.0e-9", "compliance_tolerance: yes", "service.compliance_tolerance"),
    (
        "{PARTNER: 6,",
        "{PARTNER: -6,",
        "exceptions_per_client_per_quarter.PARTNER: expected a whole",
    ),
    ("{PARTNER: 6,", "{PARTNER: null,", "exceptions_per_client_per_quarter.PARTNER: expected"),
    ("{PARTNER: 6,", "{GOLD: 6,", "exceptions_per_client_per_quarter.GOLD: unknown key"),
    ("{PARTNER: 6,", "{GOLD: 6,", "exceptions_per_client_per_quarter.PARTNER: missing"),
    (
        "{PARTNER: 60000,",
        "{PARTNER: -1,",
        "exceptions_rc_per_client_per_quarter.PARTNER: expected a number of at least 0 or null",
    ),
    ("near: 0.80", "near: 80", "exceptions.near: expected a number from 0 to 1, found 80"),
    ("repeat: {count: 3", "repeat: {count: 0", "exceptions.repeat.count: expected a whole number"),
    (
        "CREDIT_HOURS: [credit,",
        "CREDIT_HOURS: [love,",
        "explains.CREDIT_HOURS: expected a list of price",
    ),
    (
        "CREDIT_HOURS: [credit,",
        "SPEED: [credit,",
        "exceptions.explains.SPEED: expected one of OTIF",
    ),
    ("abc: [0.80, 0.95]", "abc: [0.95, 0.80]", "concentration.abc: expected two rising fractions"),
    ("abc: [0.80, 0.95]", "abc: [80, 95]", "concentration.abc: expected two rising fractions"),
    ("{P1: 0.80, P2: 0.50}", "{P1: 0.50, P2: 0.80}", "that of P1 above that of P2"),
    ("NONE: 2.0, OPEN: 3.0", "NONE: 3.5, OPEN: 3.0", "NONE below OPEN below DEEP"),
    ("{client_told: 0.9,", "{client_told: 9,", "potential.confidence: expected a fraction"),
    ("  TRANSACTIONAL: [Sales]", "  TRANSACTIONAL: [Vendas]", "required_departments.TRANSACTIONAL"),
    ("  TRANSACTIONAL: [Sales]", "  TRANSACTIONAL: []", "required_departments.TRANSACTIONAL"),
    ("appetite: [NONE]}", "appetite: [SOME]}", "segmentation.profile_rules.0.appetite: expected"),
    ("- {profile: EFFICIENT}", "- {profile: GOLD}", "segmentation.profile_rules.3: expected a"),
    (
        "- {profile: EFFICIENT}",
        "- {profile: EFFICIENT, tier: [P3]}",
        "segmentation.profile_rules.3: the last rule must have no condition",
    ),
    ("bands: {green: 70, amber: 50}", "bands: {green: 50, amber: 70}", "amber below green"),
    ("red: 0.80, green: 0.97", "red: 0.80, green: 0.80", "expected another number than red"),
    ("interval: [0.05, 0.95]", "interval: [0.95, 0.05]", "backtest.interval: expected two rising"),
    ("volume_ratio: [0.5, 2.0]", "volume_ratio: 2", "gates.volume_ratio: expected two rising"),
    ("publish_person_names: true", "publish_person_names: maybe", "expected true or false"),
    (
        "dim_account_group: {rows: 0.10, sum: null}",
        "dim_account_group: {rows: -0.10, sum: null}",
        "publication_diff.dim_account_group.rows: expected a number of at least 0 or null",
    ),
]


@pytest.mark.parametrize(("old", "new", "rule"), WRONG_METRICS)
def test_a_wrong_threshold_is_refused_with_file_line_and_rule(
    config: Path, old: str, new: str, rule: str
) -> None:
    line = replace_in_metrics(config, old, new)

    reason = refusal(config)

    assert str(config / "metrics.yml") in reason
    assert f"line {line}: " in reason
    assert rule in reason


def test_a_threshold_said_twice_is_refused_with_both_lines(config: Path) -> None:
    line = replace_in_metrics(config, "  near: 0.80", "  near: 0.80\n  near: 0.90")

    assert f"line {line + 1}: exceptions.near must stand once; line {line} has it" in refusal(
        config
    )


def test_a_money_limit_may_be_unknown(config: Path) -> None:
    replace_in_metrics(config, "{PARTNER: 60000,", "{PARTNER: null,")

    limits = load_company(config).metrics["exceptions_rc_per_client_per_quarter"]
    assert limits["PARTNER"] is None


def test_a_wrong_key_of_company_yml_is_refused_with_its_line(config: Path) -> None:
    path = config / "company.yml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document |= {"fiscal_year_start_month": 13}
    path.write_text(yaml.safe_dump(document, sort_keys=True), encoding="utf-8")

    assert "line 1: fiscal_year_start_month: " in refusal(config)


def test_a_night_under_a_wrong_configuration_ends_with_exit_code_2(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(config=config, home=tmp_path / "home", drop=tmp_path / "drop")
    write_table(config, "department_alias", "Comercial,Vendas")
    assert world.kam("nightly") == 2
    said = capsys.readouterr()
    assert "department_alias.csv: line 3: department must be one of" in said.out + said.err

    write_table(config, "department_alias")
    replace_in_metrics(config, "near: 0.80", "near: 80")
    assert world.kam("nightly") == 2
    said = capsys.readouterr()
    assert "exceptions.near: expected a number from 0 to 1" in said.out + said.err
