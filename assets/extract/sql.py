"""Pulls tables of a database as text: one snapshot per source, whole or from a cursor on."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.pool import StaticPool

from assets.company import Extract, Source
from assets.extract.native import noting
from assets.faults import ConfigurationFault, NotReadyFault
from assets.sql_text import literal

CHUNK = 50_000
TRIES = 3
MYSQL_OPENING = (
    "set time_zone = '+00:00'",
    "set session transaction isolation level repeatable read",
    "start transaction with consistent snapshot, read only",
)
# What makes every table of a source speak of one moment, and its text be the same everywhere.
OPENING: dict[str, tuple[str, ...]] = {
    "postgresql": (
        "set time zone 'UTC'",
        "begin isolation level repeatable read read only",
        "select 1",
    ),
    "mysql": MYSQL_OPENING,
    "mariadb": MYSQL_OPENING,
    "sqlite": ("begin", "select count(*) from sqlite_master"),
    "oracle": (
        "alter session set nls_numeric_characters = '.,'",
        "alter session set nls_date_format = 'YYYY-MM-DD HH24:MI:SS'",
        "alter session set nls_timestamp_format = 'YYYY-MM-DD HH24:MI:SS.FF6'",
        "alter session set nls_timestamp_tz_format = 'YYYY-MM-DD HH24:MI:SS.FF6TZH:TZM'",
        "set transaction read only",
    ),
    "mssql": ("set transaction isolation level snapshot", "begin transaction"),
}
DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "mssql": "mssql+pymssql",
    "oracle": "oracle+oracledb",
}


@dataclass
class Database:
    """An open snapshot of the database behind a source; `name` is safe to show."""

    engine: sa.Engine
    name: str
    password: str

    def close(self) -> None:
        """End the snapshot."""
        self.engine.dispose()


def open_database(
    source: Source,
    secret: Callable[[str], str | None],
    sleep: Callable[[float], None] = time.sleep,
) -> Database:
    """Connect to the database whose URL stands in the source's environment variable.

    Raises ConfigurationFault where the variable is missing or is no URL, NotReadyFault where the
    database does not answer after three tries. No message holds a password.
    """
    variable = source.connector.root
    url = _url(source.name, variable, secret(variable))
    name = url.render_as_string(hide_password=True)
    engine = sa.create_engine(
        url, isolation_level="AUTOCOMMIT", poolclass=StaticPool, skip_autocommit_rollback=True
    )
    found = Database(engine, name, str(url.password or ""))
    for attempt in range(1, TRIES + 1):
        try:
            with engine.connect() as connection:
                for statement in OPENING.get(url.get_backend_name(), ()):
                    connection.exec_driver_sql(statement)
            return found
        except sa.exc.SQLAlchemyError as error:
            if attempt == TRIES:
                raise NotReadyFault(
                    f"{source.name}: expected the database {name} to answer, found: "
                    f"{_safe(error, found)}. Check the address and the credentials in {variable}, "
                    "then run make nightly again."
                ) from None
            sleep(2.0**attempt)
    return found


def _url(source: str, variable: str, text: str | None) -> sa.URL:
    if not text:
        raise ConfigurationFault(
            f"source {source}: expected the database URL in the environment variable {variable}, "
            f"found none. Set it, such as {variable}=postgresql://user:password@host:5432/name."
        )
    try:
        url = sa.make_url(text)
        return url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
    except sa.exc.ArgumentError:
        raise ConfigurationFault(
            f"source {source}: expected a database URL in {variable}, such as "
            "postgresql://user:password@host:5432/name, found text that is none."
        ) from None


def _safe(error: Exception, database: Database) -> str:
    """The first line of an error without the password and without the values of a statement."""
    line = (str(getattr(error, "orig", None) or error).strip().splitlines() or [""])[0][:200]
    return line.replace(database.password, "***") if database.password else line


def pull_table(
    database: Database,
    source: Source,
    extract: Extract,
    *,
    since: str | None,
    work: Path,
    say: Callable[[str], None],
) -> tuple[list[Path], str | None]:
    """Write the rows of a table as one Parquet file of text; the file, and its largest cursor.

    With a cursor and `since` (its largest value at the last pull), only rows from there on, moved
    back by the declared lookback. Parts that an interrupted pull left in `work` are gone on with
    where a cursor orders them, else the pull starts again.
    """
    work.mkdir(parents=True, exist_ok=True)
    parts = sorted(work.glob("part-*.parquet")) if extract.cursor else []
    if not parts:
        for stale in work.glob("*"):
            stale.unlink()
    start = _last_cursor(parts, extract) or moved_back(since, extract.lookback)
    rows = sum(pq.read_metadata(part).num_rows for part in parts)
    types: dict[str, str] = {}
    try:
        batches = _batches(database, extract, start, types)
        for number, batch in enumerate(batches, start=len(parts)):
            draft = work / f".part-{number:05d}"
            pq.write_table(batch, draft)
            draft.rename(work / f"part-{number:05d}.parquet")
            rows += batch.num_rows
            if batch.num_rows >= CHUNK:
                say(f"extract {source.name}.{extract.table}: {rows:,} rows ...")
    except sa.exc.NoSuchTableError:
        raise ConfigurationFault(
            f"{source.name}.{extract.table}: expected the table {_place(extract)} in "
            f"{database.name}, found none. Correct path in sources.yml."
        ) from None
    except sa.exc.SQLAlchemyError as error:
        raise NotReadyFault(
            f"{source.name}.{extract.table}: expected to read {_place(extract)} to its end, "
            f"found: {_safe(error, database)}. Run make nightly again."
        ) from None
    return _joined(work, extract, types), _last_cursor(sorted(work.glob("part-*.parquet")), extract)


def _place(extract: Extract) -> str:
    return extract.path or extract.table


def table_of(database: Database, extract: Extract) -> tuple[str | None, str]:
    """Schema and name of the table behind an extract, in the case the database has."""
    schema, _, wanted = _place(extract).rpartition(".")
    inspector = sa.inspect(database.engine)
    if inspector.has_table(wanted, schema=schema or None):
        return schema or None, wanted
    known = [
        *inspector.get_table_names(schema=schema or None),
        *inspector.get_view_names(schema=schema or None),
    ]
    found = [name for name in known if name.lower() == wanted.lower()]
    return schema or None, found[0] if len(found) == 1 else wanted


def _batches(
    database: Database, extract: Extract, start: str | None, types: dict[str, str]
) -> Iterator[pa.Table]:
    """The rows as Arrow tables of text, columns under their declared names; fills their types."""
    from dlt.sources.sql_database import sql_table

    schema, table_name = table_of(database, extract)
    declared = {name.lower(): name for name in [*extract.columns, *extract.optional_columns]}
    kinds: dict[str, sa.types.TypeEngine[Any]] = {}

    def as_text(table: sa.Table) -> None:
        for column in table.columns:
            kinds[column.name] = column.type
            name = declared.get(column.name.lower(), column.name)
            types[name] = _type_of(column.type, database.engine.dialect)
            column.type = sa.Text()

    def selected(query: Any, table: sa.Table) -> Any:
        dialect = database.engine.dialect.name
        chosen = sa.select(
            *[_text(column, kinds[column.name], dialect) for column in table.columns]
        )
        if extract.cursor and start is not None:
            cursor = _column(table, extract.cursor)
            native = kinds[cursor.name]
            if dialect == "sqlite":
                chosen = chosen.where(sa.cast(cursor, sa.Text()) >= start)
            else:
                value = sa.literal(_native(start, native), native)
                chosen = chosen.where(sa.type_coerce(cursor, native) >= value)
        order = [extract.cursor] if extract.cursor else []
        ordered = [_column(table, name) for name in [*order, *extract.key] if name[0] != "_"]
        return chosen.order_by(*ordered)

    resource = sql_table(
        credentials=database.engine,
        table=table_name,
        schema=schema,
        backend="pyarrow",
        chunk_size=CHUNK,
        reflection_level="full",
        table_adapter_callback=as_text,
        query_adapter_callback=selected,
    )
    for batch in resource:
        names = [declared.get(name.lower(), name) for name in batch.column_names]
        yield batch.rename_columns(names).cast(pa.schema([(name, pa.string()) for name in names]))


def _column(table: sa.Table, name: str) -> Any:
    for column in table.columns:
        if column.name.lower() == name.lower():
            return column
    raise ConfigurationFault(
        f"{table.name}: expected the column {name} of sources.yml, found "
        f"{', '.join(column.name for column in table.columns)}."
    )


def _text(column: Any, kind: sa.types.TypeEngine[Any], dialect: str) -> Any:
    """A column as text, in a form that does not hang on the settings of a session."""
    if dialect == "mssql" and isinstance(kind, (sa.Date, sa.DateTime)):
        return sa.func.convert(sa.text("varchar(33)"), column, 126).label(column.name)
    if dialect == "oracle":
        return sa.cast(column, sa.String(4000)).label(column.name)
    if dialect in ("mysql", "mariadb"):
        return _mysql_text(column, kind).label(column.name)
    return sa.cast(column, sa.Text()).label(column.name)


def _mysql_text(column: Any, kind: sa.types.TypeEngine[Any]) -> Any:
    """A zero date is how MySQL writes none; a bit is a number, not a byte."""
    if isinstance(kind, mysql.BIT):
        return sa.cast(sa.type_coerce(column, sa.Integer()) + 0, sa.CHAR())
    text = sa.cast(column, sa.CHAR())
    if isinstance(kind, (sa.Date, sa.DateTime)):
        return sa.case((text.like("0000-00-00%"), sa.null()), else_=text)
    return text


def _type_of(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> str:
    """The type of a column as its database names it; of text without its length."""
    try:
        named = kind.compile(dialect)
    except sa.exc.CompileError:
        return "UNKNOWN"
    plain = re.split(" (?:CHARACTER SET|COLLATE) ", named)[0]
    return plain.partition("(")[0] if isinstance(kind, sa.String) else plain


def _native(text: str, kind: sa.types.TypeEngine[Any]) -> Any:
    if isinstance(kind, sa.DateTime):
        return datetime.fromisoformat(text)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(text[:10])
    if isinstance(kind, sa.Integer):
        return int(text)
    return text


def moved_back(since: str | None, lookback: str | None) -> str | None:
    """A cursor value moved back by a lookback: `3d` and `12h` of a time, `100` of a number."""
    if since is None or not lookback:
        return since
    amount = re.fullmatch(r"(\d+)([dh]?)", lookback)
    if amount is None:
        raise ConfigurationFault(
            f"lookback: expected a number of days (3d), hours (12h) or steps (100), found "
            f"'{lookback}'."
        )
    number, unit = int(amount[1]), amount[2]
    if not unit:
        return str(int(since) - number)
    back = timedelta(days=number) if unit == "d" else timedelta(hours=number)
    if len(since) == 8 and since.isdigit():
        return f"{datetime.strptime(since, '%Y%m%d') - back:%Y%m%d}"
    moved = datetime.fromisoformat(since) - back
    return moved.date().isoformat() if len(since) == 10 else moved.isoformat(sep=" ")


def _last_cursor(parts: Sequence[Path], extract: Extract) -> str | None:
    if not parts or not extract.cursor:
        return None
    with duckdb.connect() as connection:
        column = f'"{extract.cursor}"'
        whole = f"try_cast({column} as hugeint)"
        row = connection.execute(
            f"select coalesce(cast(max({whole}) as varchar), max({column})) from"
            f" read_parquet([{', '.join(literal(part) for part in parts)}])"
            f" where {column} is not null"
        ).fetchone()
    return str(row[0]) if row and row[0] is not None else None


def _joined(work: Path, extract: Extract, types: dict[str, str]) -> list[Path]:
    """One file of all parts in the order of the key, of each key its newest state."""
    parts = sorted(work.glob("part-*.parquet"))
    if not parts:
        names = [*extract.columns, *extract.optional_columns]
        nothing = pa.table({name: pa.array([], pa.string()) for name in names})
        pq.write_table(nothing, work / "part-00000.parquet")
        parts = [work / "part-00000.parquet"]
    key = [f'"{name}"' for name in extract.key if not name.startswith("_")]
    listed = ", ".join(literal(part) for part in parts)
    newest = ""
    if extract.cursor and key:
        newest = (
            f" qualify row_number() over (partition by {', '.join(key)} order by"
            " filename desc, file_row_number desc) = 1"
        )
    target = work / f"{extract.table.lower()}.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select * exclude (filename, file_row_number) from read_parquet([{listed}],"
            f" filename = true, file_row_number = true){newest}"
            f" order by {', '.join(key) if key else 'filename, file_row_number'})"
            f" to {literal(target)} (format parquet, compression zstd{noting(types)})"
        )
    return [target]
