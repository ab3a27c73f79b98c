"""Pulls what a database or an API holds for a night, as files that land like any other."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assets.company import Extract, Source
from assets.extract.sql import open_database, pull_table
from assets.known import newest_of_dates
from assets.night import Night


def pulled(night: Night, source: Source, extract: Extract) -> tuple[list[Path], str | None]:
    """The files of one pull, and the largest value of its cursor.

    The pull starts at the largest cursor of the deliveries of earlier nights, so that a night that
    is run again pulls the same rows again and its newest pull is complete. All tables of a
    database are read in one snapshot; an API has none.
    """
    since = _since(night, source, extract)
    work = work_folder(night, source, extract)
    if source.connector.kind == "rest":
        # Loads dlt, half a second that a company of files and databases does not need.
        from assets.extract.rest import open_api
        from assets.extract.rest_rows import pull_pages

        api = _opened(night, source, open_api)
        return pull_pages(api, extract, since=since, work=work, say=night.say)
    database = _opened(night, source, open_database)
    return pull_table(database, source, extract, since=since, work=work, say=night.say)


def _opened(night: Night, source: Source, opening: Callable[..., Any]) -> Any:
    """The connection of a source, opened once a night."""
    if source.name not in night.opened:
        night.opened[source.name] = opening(source, night.secret)
    return night.opened[source.name]


def work_folder(night: Night, source: Source, extract: Extract) -> Path:
    """Where a pull is kept until it has landed: an interrupted one is found there again."""
    table = extract.table.lower().replace("/", "_")
    return night.home.root / "pulling" / source.name / table / f"{night.as_of}"


def forget_pull(night: Night, source: Source, extract: Extract) -> None:
    """Remove the files of a pull that has landed."""
    shutil.rmtree(work_folder(night, source, extract), ignore_errors=True)


def _since(night: Night, source: Source, extract: Extract) -> str | None:
    if extract.cursor is None or extract.mode == "full":
        return None
    earlier = [
        delivery.cursor_max
        for delivery in newest_of_dates(night.ledger.deliveries(source.name, extract.table))
        if delivery.extract_date < night.as_of and delivery.refused is None
    ]
    return next((cursor for cursor in reversed(earlier) if cursor is not None), None)
