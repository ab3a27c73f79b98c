"""The macros that turn delivered text into types, rendered as dbt does and run on DuckDB."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import duckdb
import jinja2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.transform.contract import DBT_PROJECT, Table, canonical_entities
from sample.crm_text import ids

FILES = ("staging", "protheus", "salesforce", "canonical_text", "local_date")
LINEAGE = ("source_system", "extract_date", "row_hash")


def node(table: Table) -> SimpleNamespace:
    return SimpleNamespace(columns={column.name: column for column in table.columns})


@pytest.fixture(scope="session")
def macros() -> Any:
    """The macros as Python functions that give SQL text; the source is called crm.

    Plain Jinja has no return(): what dbt would return is kept aside and handed to the caller.
    """
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    company = {"time_zone": "America/Sao_Paulo", "reporting_currency": "BRL"}
    nodes = {f"model.kam.{name}": node(table) for name, table in canonical_entities().items()}
    text = "".join((DBT_PROJECT / "macros" / f"{name}.sql").read_text("utf-8") for name in FILES)
    text = text.replace("{{ return(", "{{ keep(").replace("= contract_columns(", "= kept(")
    text = text.replace("= closed_list(", "= kept_list(").replace("= value_range(", "= kept_range(")
    found: dict[str, Any] = {}

    def keep(value: Any) -> str:
        found["value"] = value
        return str(value)

    def kept(name: str) -> Any:
        def call(*arguments: Any) -> Any:
            getattr(found["module"], name)(*arguments)
            return found["value"]

        return call

    environment.globals |= {
        "keep": keep, "kept": kept("contract_columns"), "kept_list": kept("closed_list"),
        "kept_range": kept("value_range"), "execute": True, "graph": {"nodes": nodes},
        "model": {"name": "stg_crm__account"}, "var": lambda name: company,
        "separators_of_source": dict, "source_system": lambda: "erp",
    }  # fmt: skip
    found["module"] = environment.from_string(text).module
    return found["module"]


def value_of(sql: str, text: str | None) -> Any:
    """What an expression over the column `native` gives for one text."""
    with duckdb.connect() as connection:
        row = connection.execute(f"select {sql} from (select ? as native)", [text]).fetchone()
    return row[0] if row else None


@settings(max_examples=60, deadline=None)
@given(st.integers(-(10**11), 10**11))
def test_a_brazilian_number_is_read_back_as_it_was_written(macros: Any, cents: int) -> None:
    whole, rest = divmod(abs(cents), 100)
    text = f"{'-' if cents < 0 else ''}{whole:,}".replace(",", ".") + f",{rest:02d}"
    assert value_of(macros.protheus_decimal("native"), text) == Decimal(cents) / 100


@pytest.mark.parametrize(
    "text", ["1,234.56", "1.23,00", "12.3456,00", "1 234,00", "12a", "--1", "", None]
)
def test_a_number_in_another_form_is_none(macros: Any, text: str | None) -> None:
    assert value_of(macros.protheus_decimal("native"), text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.234,56-", "-1234.56"), (" 7 ", "7"), ("+0,5", "0.50"), ("1234,5", "1234.5")],
)
def test_trailing_signs_padding_and_missing_separators_are_read(
    macros: Any, text: str, expected: str
) -> None:
    assert value_of(macros.protheus_decimal("native"), text) == Decimal(expected)


def test_an_id_of_fifteen_characters_becomes_the_one_of_eighteen(macros: Any) -> None:
    rng = np.random.default_rng(1)
    written = [*ids("001", rng.integers(0, 62**5, 500)).to_pylist(), "001A0000006Vm9rIAC"]
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select {macros.salesforce_id('native')} from (select left(unnest(?), 15) as native)",
            [written],
        ).fetchall()
    assert [row[0] for row in rows] == written


@pytest.mark.parametrize("zone", ["UTC", "America/Sao_Paulo", "Asia/Tokyo"])
def test_a_time_is_utc_whatever_the_zone_of_the_session(macros: Any, zone: str) -> None:
    utc, local = macros.parsed_utc("native"), macros.parsed_utc("native", "America/Sao_Paulo")
    with duckdb.connect() as connection:
        connection.execute(f"set TimeZone = '{zone}'")
        rows = connection.execute(
            f"select cast({utc} as varchar), cast({local} as varchar) from (select unnest(["
            "'2026-04-02T01:30:00.000+0000', '2026-04-01T22:30:00-03:00', '2026-04-02 01:30:00'"
            "]) as native)"
        ).fetchall()
    moment = "2026-04-02 01:30:00"
    assert rows == [(moment, moment), (moment, moment), (moment, "2026-04-02 04:30:00")]


def test_a_tax_number_keeps_its_letters(macros: Any) -> None:
    assert value_of(macros.tax_number("native"), "12.abc.345/01de-35 ") == "12ABC34501DE35"


EXAMPLE = {
    "date": "2026-04-01", "timestamp": "2026-04-01T12:00:00Z", "boolean": "true", "bigint": "3",
    "double": "1", "varchar": "x", "varchar[]": "a;other:b",
}  # fmt: skip


@pytest.mark.parametrize("entity", sorted(canonical_entities()))
def test_every_entity_can_be_read_from_text_and_an_absent_column_is_empty(
    macros: Any, entity: str
) -> None:
    columns = [c for c in canonical_entities()[entity].columns if c.name not in LINEAGE]
    texts = {c.name: EXAMPLE.get(c.data_type, "2.50") for c in columns}
    listed = {"document_type": "INVOICE", "decision": "approved"}
    texts |= {name: text for name, text in listed.items() if name in texts}
    given_columns = ", ".join(f"'{text}' as \"{name}\"" for name, text in texts.items())
    no_values = ", ".join(f'null::varchar as "{name}"' for name in texts)
    rest = (
        "'d1' as _delivery_id, 1 as _file_row, date '2026-04-02' as _extract_date,"
        " false as _is_deleted"
    )
    raw = f"(select {given_columns}, {rest} union all by name select {no_values}, {rest})"
    with duckdb.connect() as connection:
        cursor = connection.execute(str(macros.canonical_text(entity, raw)))
        names = [column[0] for column in cursor.description or []]
        rows = cursor.fetchall()
    assert names == [c.name for c in columns] + [
        "_extract_name", "_delivery_id", "_file_row", "_extract_date", "_reject",
    ]  # fmt: skip
    assert len(rows) == 1, "a row without any value is no row"
    assert rows[0][-1] is None
