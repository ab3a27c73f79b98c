"""What the `kam` command prints for people."""

import json
import sys
from pathlib import Path
from typing import Any

import duckdb

from assets.company import Company
from assets.faults import NightFault
from assets.ledger import Ledger
from assets.night import Home
from assets.publish import versions
from assets.transform.contract import published_tables
from assets.transform.project import lacking_tables, staged_entities

TOP = 10


def fault(found: NightFault) -> None:
    """Say what went wrong and how the command ends."""
    print(f"\n{found.reason}\nexit code {found.exit_code}", file=sys.stderr)


def outcome(home: Home, row: dict[str, Any]) -> None:
    """Say how a run ended, in a few lines."""
    print(f"\n{row['as_of_date']}  {row['status']}")
    if row["reason"]:
        print(f"  stage {row['failed_stage']}: {row['reason']}")
    if row["status"] == "sandboxed":
        print(f"  {home.sandbox / row['publication_id'] / versions.DATABASE}")
        _page(home.sandbox / row["publication_id"])
    now_served = versions.served(home)
    if now_served is not None:
        print(f"  readers see {now_served.publication_id} (as of {now_served.as_of})")


def tables(home: Home, row: dict[str, Any]) -> None:
    """Show the published tables with their rows, what is missing, and the largest accounts."""
    path = home.current / versions.DATABASE
    if row["status"] == "sandboxed":
        path = home.sandbox / row["publication_id"] / versions.DATABASE
    contracts = published_tables()
    with duckdb.connect(str(path.resolve()), read_only=True) as connection:
        print("\npublished tables")
        for name, table in contracts.items():
            counted = connection.execute(f'select count(*) from "{table.schema}"."{table.name}"')
            question = table.description.split("?")[0] + "?"
            print(f"  {name:34} {(counted.fetchone() or (0,))[0]:>9,}  {question}")
        _missing(connection, row["as_of_date"])
        print(f"\ntop accounts by net revenue, last 12 months (as of {row['as_of_date']})")
        top = connection.execute(
            "select c.rank_number, c.group_id, g.group_name, c.value_rc, c.share, c.abc_class"
            " from kam.account_concentration as c join kam.dim_account_group as g using (group_id)"
            " where c.measure = 'net_revenue_t12m' and c.as_of_date = cast(? as date)"
            f" order by c.rank_number, c.value_rc desc nulls last, c.group_id limit {TOP}",
            [row["as_of_date"]],
        ).fetchall()
        for rank, group, name, value, share, abc in top:
            label = name if name == group else f"{name} [{group}]"
            money = "no rate" if value is None else f"{value:,.2f}"
            part = "" if share is None else f"{share:.1%}"
            print(f"  {rank or '':>3}  {label[:58]:58} {money:>18}  {part:>6}  {abc or ''}")
    print(f"\n{path}\ncontent hash {_content_hash(path)}")
    _page(path.parent)


def _page(folder: Path) -> None:
    """Name the page of a publication or sandbox, where it has one."""
    path = folder / versions.PAGE
    if path.is_file():
        print(f"to look at: {path}")


def what_if(home: Home, row: dict[str, Any]) -> None:
    """Show which keys differ, and how many groups would have another profile at the last review."""
    path = home.sandbox / row["publication_id"] / versions.DATABASE
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(
            "select count(*), count(distinct group_id), max(changed_keys), max(review_date)"
            " from kam_ops.what_if"
        ).fetchone()
        reviews, groups, keys, last = found or (0, 0, None, None)
        print(f"\nkam_ops.what_if: {groups:,} groups would differ at {reviews:,} reviews")
        print(f"  what the configurations say differently: {keys or 'nothing that was felt'}")
        for before, after, count in connection.execute(
            "select service_profile_before, service_profile_after, count(*) from kam_ops.what_if"
            " where review_date = ? group by all order by 3 desc, 1, 2",
            [last],
        ).fetchall():
            print(f"  at {last}: {before or 'none':14} > {after or 'none':14} {count:>6,}")


def _missing(connection: duckdb.DuckDBPyConnection, as_of: str) -> None:
    """Say which entities no source supplies, and which published columns are NULL for it."""
    absent = connection.execute(
        "select string_agg(entity, ', ' order by entity) from kam_ops.freshness"
        " where as_of_date = cast(? as date) and status = 'NO_SOURCE'",
        [as_of],
    ).fetchone()
    if not absent or not absent[0]:
        return
    print("\nNO_SOURCE: no source supplies these entities:")
    print(f"  {absent[0]}")
    print("so these columns are NULL, in part or in whole:")
    for name, table in published_tables().items():
        names = [column.name for column in table.columns]
        if "missing_reason" not in names:
            continue
        pair = "component || ':' || missing_reason" if "component" in names else "missing_reason"
        found = connection.execute(
            f"select distinct split_part(pair, ':', 1) as named from (select"
            f" unnest(string_split({pair}, ';')) as pair from {name})"
            " where pair like '%:NO_SOURCE' order by named"
        ).fetchall()
        if found:
            print(f"  {name}: {', '.join(column for (column,) in found)}")


def _content_hash(path: Path) -> str:
    with duckdb.connect(str(path.resolve()), read_only=True) as connection:
        row = connection.execute("select content_hash from kam_ops.publication").fetchone()
    return str(row[0]) if row else "none"


def status(home: Home, ledger: Ledger) -> None:
    """Show the last attempts and what readers see."""
    path = home.published / "current_status.json"
    if path.is_file():
        for key, value in json.loads(path.read_text(encoding="utf-8")).items():
            print(f"{key:26} {'' if value is None else value}")
    _page(home.current)
    print("\nlast attempts")
    for row in ledger.runs()[-10:]:
        print(
            f"  {row['as_of_date']}  {row['status']:24} {row['exit_code']!s:>4}  "
            f"{row['started_at'][:19]}Z  {row['reason'] or ''}"
        )


def verification(home: Home) -> int:
    """Hold every kept publication against its manifest; 0 when all are sound, else 30."""
    code = 0
    for found in versions.publications(home):
        faults = versions.faults_of(found)
        print(f"{found.publication_id}  as of {found.as_of}  {'; '.join(faults) or 'sound'}")
        if faults:
            code = 30
    return code


def sources(company: Company, project: Path) -> None:
    """Show what each source supplies."""
    for source in company.sources:
        print(f"{source.name} ({source.adapter}): {len(source.extracts)} extracts")
        print(f"  supplies {', '.join(staged_entities(source))}")
        if not source.is_one_file_per_entity:
            for entity, lacking in lacking_tables(source).items():
                print(f"  not {entity}: no extract names {', '.join(lacking)}")
    print(f"dbt project assembled in {project}")
