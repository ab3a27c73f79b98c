"""What is asked of each kind of API for an extract: Salesforce, HubSpot, and one told in YAML."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assets.company import Extract
from assets.extract.rest import Api, Call, pages

HUBSPOT_PAGE = {
    "type": "cursor",
    "cursor_path": "paging.next.after",
    "cursor_param": "after",
    "stop_after_empty_page": False,
}
ASSOCIATIONS = "associations/"
LIFTED = {"hubspot": "properties"}  # the object whose keys are columns
DESCRIBED = "described.json"
OVERHEAD = {"salesforce": "attributes"}  # the object that is no data
Pages = Iterator[tuple[int, list[Any]]]


def pages_of(
    api: Api,
    extract: Extract,
    since: str | None,
    work: Path,
    say: Callable[[str], None],
    limit: int | None = None,
) -> Pages:
    """The pages of an extract, whatever API stands behind it.

    Several calls one after the other (live and archived objects) are one sequence of pages.
    """
    if _is_association(api.source.connector.preset, extract):
        yield from _associations(api, extract, work, say, limit)
        return
    number = 0
    for place, call in enumerate(calls(api, extract, since, work)):
        for n, rows in pages(api, extract, call, _part(work, place), say, limit):
            yield number + n, rows
        number += 10_000_000


def unfolded(preset: str, extract: Extract) -> list[str]:
    """The lists of an answer of which each element is a row, where the preset knows."""
    return ["to", "to.associationTypes"] if _is_association(preset, extract) else []


def _is_association(preset: str, extract: Extract) -> bool:
    return preset == "hubspot" and extract.path.startswith(ASSOCIATIONS)


def calls(api: Api, extract: Extract, since: str | None, work: Path) -> list[Call]:
    """The calls that together read an extract."""
    preset = api.source.connector.preset
    if preset == "salesforce":
        return [_salesforce(api, extract, since, work)]
    if preset == "hubspot" and extract.path.startswith("crm/v3/objects/"):
        return [_hubspot_objects(extract, archived) for archived in ("false", "true")]
    if preset == "hubspot":
        paginator = extract.request.paginator or HUBSPOT_PAGE
        return [
            Call(extract.path, dict(extract.request.params), extract.request.rows or "results",
                 paginator)
        ]  # fmt: skip
    params = dict(extract.request.params)
    if extract.request.since and since:
        params[extract.request.since] = since
    paginator = extract.request.paginator or api.source.connector.paginator
    return [Call(extract.path or extract.table, params, extract.request.rows, paginator)]


def _part(work: Path, place: int) -> Path:
    folder = work / f"call-{place}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _salesforce(api: Api, extract: Extract, since: str | None, work: Path) -> Call:
    """One SOQL query over live, deleted and archived records (queryAll), in pages of the server.

    Only declared fields are asked for, of those only the ones that the object has: a field that
    is gone is then found missing by the gate, like a column of a file.
    """
    version = api.source.connector.api_version
    base = f"services/data/v{version}"
    name = extract.path or extract.table
    known = _salesforce_fields(api, f"{base}/sobjects/{name}/describe", work)
    wanted = [*extract.columns, *extract.optional_columns]
    fields = [f for f in dict.fromkeys(wanted) if f.split(".")[0].lower() in known]
    query = f"SELECT {', '.join(fields or wanted)} FROM {name}"
    if extract.cursor and since:
        query += f" WHERE {extract.cursor} >= {since}"
    return Call(
        f"{base}/queryAll",
        {"q": query},
        "records",
        {"type": "json_link", "next_url_path": "nextRecordsUrl"},
    )


def _salesforce_fields(api: Api, path: str, work: Path) -> dict[str, str]:
    """The fields of an object and what leads to another, in lower case, with their types."""
    kept = work / DESCRIBED
    if kept.is_file():
        return dict(json.loads(kept.read_text(encoding="utf-8")))
    described = api.answer("GET", path)
    found = {
        str(name).lower(): str(one.get("type", "unknown"))
        for one in described.get("fields", [])
        for name in (one.get("name"), one.get("relationshipName"))
        if name
    }
    work.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(dict(sorted(found.items()))), encoding="utf-8")
    return found


def described_types(extract: Extract, work: Path) -> dict[str, str]:
    """The types that an API has said its columns have; none where it says none."""
    kept = work / DESCRIBED
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    names = [*extract.columns, *extract.optional_columns]
    return {name: known[name.lower()] for name in names if name.lower() in known}


def _hubspot_objects(extract: Extract, archived: str) -> Call:
    """Live or archived objects, whole each time: the list has no filter by date, and the search
    that has one knows neither archived objects nor more than 10,000."""
    own = {"id", "createdAt", "updatedAt", "archived", "archivedAt"}
    names = [n for n in [*extract.columns, *extract.optional_columns] if n not in own]
    native = {new: old for old, new in extract.aliases.items()}
    params = {
        "limit": "100",
        "archived": archived,
        "properties": ",".join(native.get(name, name) for name in names),
        **extract.request.params,
    }
    return Call(extract.path, params, "results", HUBSPOT_PAGE)


def _associations(
    api: Api, extract: Extract, work: Path, say: Callable[[str], None], limit: int | None
) -> Pages:
    """Which objects are bound to which, with the kind of each bond, in batches of a page of ids."""
    _, left, right = extract.path.split("/")
    listed = Call(
        f"crm/v3/objects/{left}", {"limit": "100", "archived": "false"}, "results", HUBSPOT_PAGE
    )
    place = f"crm/v4/associations/{left}/{right}/batch/read"
    for number, objects in pages(api, extract, listed, _part(work, 0), say, limit):
        inputs = [{"id": found["id"]} for found in objects]
        rows: list[Any] = []
        while inputs:
            results = api.answer("POST", place, json={"inputs": inputs}).get("results", [])
            rows += results
            inputs = [
                {"id": found["from"]["id"], "after": found["paging"]["next"]["after"]}
                for found in results
                if found.get("paging", {}).get("next")
            ]
        yield number, rows


def as_moment(cursor: str | None) -> str | None:
    """A cursor as an API takes it: a time in UTC with Z, anything else as it is."""
    if cursor is None or "-" not in cursor:
        return cursor
    try:
        moment = datetime.fromisoformat(cursor)
    except ValueError:
        return cursor
    if len(cursor) == 10:
        return cursor
    moment = moment.astimezone(UTC) if moment.tzinfo else moment
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"
