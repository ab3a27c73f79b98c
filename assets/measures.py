"""One row of measures of a delivery: what the gate judges and later deliveries compare with."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb

from assets.company import Extract
from assets.company_schema import Dialect
from assets.extract.read import Reading
from assets.extract.ready import Declared
from assets.sql_text import literal

ALL = "*"
EPOCH = date(1970, 1, 1)
MOST_AMOUNTS = 1_000_000  # a median that is held against limits ten times apart needs no more


def decimal_of(column: str, dialect: Dialect) -> str:
    """A SQL decimal of a text column by the declared separators, NULL where it is none."""
    text = f'trim("{column}")'
    if dialect.thousands:
        text = f"replace({text}, {literal(dialect.thousands)}, '')"
    if dialect.decimal != ".":
        text = f"replace({text}, {literal(dialect.decimal)}, '.')"
    # A cast to 38 digits costs a hundred times one to 18: it is for what the latter cannot hold.
    number = f"try_cast(trim({text}, '-') as decimal(38, 6))"
    signed = f"{number} * case when contains({text}, '-') then -1 else 1 end"
    return f"coalesce(try_cast({text} as decimal(18, 6)), {signed})"


def control_totals(
    extract: Extract, columns: Sequence[str], whole: Path, declared: Mapping[str, Declared]
) -> dict[str, tuple[str | None, str]]:
    """The declared and the read total of the control column, per currency (`*`: all of them).

    Read over every row as delivered, before anything collapses. Empty without a control column.
    """
    control = extract.control_total
    if control is None or control.column not in columns:
        return {}
    currency = literal(ALL)
    if control.currency:
        currency = f"coalesce(nullif(trim(\"{control.currency}\"), ''), {literal(ALL)})"
    total = f"coalesce(sum({decimal_of(control.column, extract.dialect)}), 0)"
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select {currency} as currency, cast(round({total}, 2) as decimal(38, 2))"
            f" from read_parquet({literal(whole)}) group by all order by all"
        ).fetchall()
    return compared_totals(extract, {str(name): str(value) for name, value in rows}, declared)


def compared_totals(
    extract: Extract, read: Mapping[str, str], declared: Mapping[str, Declared]
) -> dict[str, tuple[str | None, str]]:
    """Read totals beside those that the manifests declare; without manifests none is declared."""
    if not declared or extract.control_total is None:
        return {name: (None, value) for name, value in read.items()}
    by_currency = bool(extract.control_total.currency)
    with duckdb.connect() as connection:
        said = _declared_totals(connection, declared, by_currency=by_currency)
    names = sorted({*read, *said})
    return {name: (said.get(name, "0.00"), read.get(name, "0.00")) for name in names}


def _declared_totals(
    connection: duckdb.DuckDBPyConnection, declared: Mapping[str, Declared], *, by_currency: bool
) -> dict[str, str]:
    pairs = [
        [name if by_currency else ALL, value]
        for entry in declared.values()
        for name, value in entry.control_totals.items()
    ]
    connection.execute("create temp table said (currency varchar, total varchar)")
    if pairs:
        connection.executemany("insert into said values (?, ?)", pairs)
    rows = connection.execute(
        "select currency, cast(sum(cast(total as decimal(38, 2))) as decimal(38, 2)) from said"
        " group by all order by all"
    ).fetchall()
    return {str(name): str(value) for name, value in rows}


def profile(
    extract: Extract, reading: Reading, rows: Path, n_aside: int
) -> dict[str, float | None]:
    """The measures of one delivery; shares are of its rows, dates are days since 1970."""
    n_read = reading.n_rows + reading.n_rejects
    measures = {"n_amounts": "0 * count(*)", "median_amount": "null", "max_business_date": "null"}
    control = extract.control_total
    if control and control.column in reading.columns:
        amount = f"nullif(abs({decimal_of(control.column, extract.dialect)}), 0)"
        spread = f"_file_row % {1 + reading.n_rows // MOST_AMOUNTS} = 0"
        measures["n_amounts"] = f"count({amount})"
        measures["median_amount"] = f"cast(median({amount}) filter ({spread}) as double)"
    for name, form in extract.date_formats.items():
        if name in reading.columns:
            filled = f"nullif(nullif(trim(\"{name}\"), ''), '00000000')"
            unread = f"{filled} is not null and try_strptime({filled}, {literal(form)}) is null"
            measures[f'"parse_failure_share__{name}"'] = (
                f"coalesce(count(*) filter ({unread}) / nullif(count(*), 0), 0)"
            )
    if extract.business_date and extract.business_date in reading.columns:
        day = _business_date(extract, extract.business_date)
        measures["max_business_date"] = f"max({day}) - date '1970-01-01'"
        measures["min_business_date"] = f"min({day}) - date '1970-01-01'"
    listed = ", ".join(f"{formula} as {name}" for name, formula in measures.items())
    with duckdb.connect() as connection:
        cursor = connection.execute(f"select {listed} from read_parquet({literal(rows)})")
        names = [column[0] for column in cursor.description or []]
        found = dict(zip(names, cursor.fetchone() or (), strict=True))
    return {
        "rows": float(n_read),
        "rejected_share": reading.n_rejects / n_read if n_read else 0.0,
        "aside_share": n_aside / n_read if n_read else 0.0,
        **{name: None if value is None else float(value) for name, value in found.items()},
    }


def _business_date(extract: Extract, name: str) -> str:
    form = extract.date_formats.get(name)
    text = f"nullif(trim(\"{name}\"), '')"
    if form:
        return f"cast(try_strptime({text}, {literal(form)}) as date)"
    return f"try_cast(left({text}, 10) as date)"
