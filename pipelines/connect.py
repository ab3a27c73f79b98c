"""`kam connect SOURCE`: checks a block of sources.yml against what is there; nothing lands."""

import tempfile
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import sqlalchemy as sa

from assets.company import Company, Extract, Source
from assets.extract.columns import check_columns, drift
from assets.extract.find import drops
from assets.extract.read import to_parquet
from assets.extract.ready import hold_to_readiness
from assets.extract.remote import fetch, root_of
from assets.extract.rest import open_api
from assets.extract.rest_rows import pull_pages
from assets.extract.sql import Database, open_database, table_of
from assets.faults import ConfigurationFault, NightFault
from assets.ledger import Ledger
from assets.night import Home
from assets.transform.project import extracts_of_entity, lacking_tables
from pipelines.environment import Settings
from pipelines.nights import look_at_calendar


def connect(settings: Settings, company: Company, home: Home, ledger: Ledger, name: str) -> int:
    """Print, per extract, what a night would read; the exit code of the first that fails.

    Raises ConfigurationFault where the company has no such source.
    """
    source = next((found for found in company.sources if found.name == name), None)
    if source is None:
        known = ", ".join(found.name for found in company.sources)
        raise ConfigurationFault(f"{name}: expected a source of sources.yml ({known}).")
    today = look_at_calendar(company, home, ledger, settings.now()).today
    print(f"{source.name}: adapter {source.adapter}, {source.connector.kind} {_place(source)}")
    codes = [_shown(settings, home, source, extract, today) for extract in source.extracts]
    entities = extracts_of_entity(source)
    print(f"supplies {', '.join(sorted(entities)) or 'nothing'}")
    if not source.is_one_file_per_entity:
        for entity, lacking in sorted(lacking_tables(source).items()):
            print(f"  not {entity}: no extract names {', '.join(lacking)}")
    return next((code for code in codes if code), 0)


def _place(source: Source) -> str:
    """Where a source is, without credentials."""
    return source.connector.root.split("@")[-1]


def _shown(settings: Settings, home: Home, source: Source, extract: Extract, today: date) -> int:
    try:
        kind = source.connector.kind
        if kind == "files":
            found = _files(home, source, extract, today)
        elif kind == "sql":
            found = _database_table(settings, source, extract)
        else:
            found = _first_page(settings, source, extract)
        print(f"  {extract.table}: {found}")
    except NightFault as fault:
        print(f"  {extract.table}: {fault.reason}")
        return fault.exit_code
    return 0


def _files(home: Home, source: Source, extract: Extract, today: date) -> str:
    fetch(home, source)
    found = drops(source, extract, today, root_of(home, source))
    if not found:
        needed = "required, " if extract.required else ""
        return f"{needed}nothing yet at {source.connector.root}/{extract.path}"
    newest = found[-1]
    hold_to_readiness(source.connector.ready, newest.files)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        reading = to_parquet(
            extract,
            newest.files,
            work,
            work / "rows.parquet",
            work / "rejects.parquet",
            is_desk=source.adapter == "kam_desk",
        )
    changed = {**vars(reading.drift)}
    return (
        f"{reading.n_rows:,} rows of {newest.extract_date} in {len(newest.files)} files "
        f"({len(found)} dates), {len(reading.columns)} columns"
        + (f", {reading.n_rejects:,} lines that are no rows" if reading.n_rejects else "")
        + _changes(changed)
    )


def _changes(changed: dict[str, tuple[str, ...]]) -> str:
    said = {"added": "not declared", "dropped": "optional and absent"}
    return "".join(
        f"; {said[kind]}: {', '.join(names)}" for kind, names in changed.items() if names
    )


def _database_table(settings: Settings, source: Source, extract: Extract) -> str:
    database = open_database(source, settings.secret)
    try:
        return _counted(database, extract)
    finally:
        database.close()


def _counted(database: Database, extract: Extract) -> str:
    schema, name = table_of(database, extract)
    try:
        table = sa.Table(name, sa.MetaData(), schema=schema, autoload_with=database.engine)
    except sa.exc.NoSuchTableError:
        raise ConfigurationFault(
            f"expected the table {extract.path or extract.table} in {database.name}, found none. "
            "Correct path in sources.yml."
        ) from None
    declared = {c.lower(): c for c in [*extract.columns, *extract.optional_columns]}
    columns = [declared.get(column.name.lower(), column.name) for column in table.columns]
    check_columns(extract, extract.table, columns)
    with database.engine.connect() as connection:
        n_rows = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    return f"{n_rows:,} rows, {len(columns)} columns{_changes(vars(drift(extract, columns)))}"


def _first_page(settings: Settings, source: Source, extract: Extract) -> str:
    api = open_api(source, settings.secret)
    try:
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder) / "pull"
            quiet = extract.model_copy(update={"cursor": None})
            [path], _ = pull_pages(api, quiet, since=None, work=work, say=print, limit=1)
            found = pq.read_schema(path).names
            columns = [extract.aliases.get(name, name) for name in found]
            check_columns(extract, extract.table, columns)
            n_rows = pq.read_metadata(path).num_rows
    finally:
        api.close()
    return (
        f"{n_rows:,} rows on the first page, {len(columns)} columns"
        f"{_changes(vars(drift(extract, columns)))}"
    )
