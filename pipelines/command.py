"""The `kam` command: what make, cron, systemd and analysts call."""

import argparse
import difflib
import subprocess
import sys
import warnings
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from assets.company import Company, load_company
from assets.faults import ConfigurationFault, InfrastructureFault, NightFault
from assets.ledger import Waiver
from assets.night import Home
from assets.publish import versions
from pipelines import show
from pipelines.environment import Settings, dagster_home, settings
from pipelines.runs import due_nights, home_lock, open_home


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code is the contract of docs/runbook.md."""
    warnings.filterwarnings("ignore")
    options = _parser().parse_args(arguments)
    try:
        found = settings()
        return int(options.verb(found, options))
    except NightFault as fault:
        show.fault(fault)
        return fault.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kam", description="Nightly key account tables.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    nightly = verbs.add_parser("nightly", help="run the missing nights and the newest, or one")
    nightly.add_argument("--as-of", metavar="YYYY-MM-DD", default=None)
    nightly.set_defaults(verb=_nightly)
    table = verbs.add_parser("table", help="one table again, into a sandbox")
    table.add_argument("name")
    table.set_defaults(verb=_table)
    what_if = verbs.add_parser(
        "what-if", help="who would change segment under another configuration, into a sandbox"
    )
    what_if.add_argument("--config", required=True, metavar="DIR")
    what_if.set_defaults(verb=_what_if)
    status = verbs.add_parser("status", help="the last attempt, and what readers see")
    status.set_defaults(verb=_status)
    rollback = verbs.add_parser("rollback", help="serve an older publication")
    rollback.add_argument("--to", metavar="PUBLICATION_ID", default=None)
    rollback.add_argument("--reason", default="not given")
    rollback.set_defaults(verb=_rollback)
    verify = verbs.add_parser("verify", help="hold every published file against its manifest")
    verify.set_defaults(verb=_verify)
    sources = verbs.add_parser("sources", help="assemble and parse the dbt project of the sources")
    sources.set_defaults(verb=_sources)
    waive = verbs.add_parser(
        "waive", help="accept that a check fails, until a date and for a reason"
    )
    waive.add_argument("check", help="the check_id, as kam status or kam_ops.dq_result names it")
    waive.add_argument("--reason", required=True)
    waive.add_argument("--until", required=True, metavar="YYYY-MM-DD")
    waive.set_defaults(verb=_waive)
    connect = verbs.add_parser("connect", help="check a source and print what would be read")
    connect.add_argument("source")
    connect.set_defaults(verb=_connect)
    desk = verbs.add_parser("desk-template", help="write the KAM desk workbook template")
    desk.add_argument("path", nargs="?", default=None)
    desk.set_defaults(verb=_desk_template)
    return parser


def _nightly(found: Settings, options: argparse.Namespace) -> int:
    from pipelines.night_runner import run_one_night

    if found.is_sample:
        _write_sample(found)
    company = load_company(found.config)
    home, _ = open_home(found, company)
    code = 0
    with home_lock(home):
        due = due_nights(found, options.as_of)
        for day in due:
            kind = "command" if day == due[-1] else "catch_up"
            row = run_one_night(found, day, kind)
            code = int(row["exit_code"])
            show.outcome(home, row)
            if code not in (0, 21):
                break
    if code == 0:
        show.tables(home, row)
    print(f"exit code {code}")
    return code


def _write_sample(found: Settings) -> None:
    """The sample company's files; a folder that is complete is left alone."""
    folder = found.config.parent / "data" / "sample"
    command = [sys.executable, "-m", "sample", "--out", str(folder), "--scale", found.scale]
    done = subprocess.run(command, cwd=found.config.parent, check=False)
    if done.returncode != 0:
        raise InfrastructureFault(f"the sample company could not be written to {folder}.")


def _table(found: Settings, options: argparse.Namespace) -> int:
    from pipelines.night_runner import run_one_table

    home, _ = open_home(found, load_company(found.config))
    row = run_one_table(found, options.name)
    show.outcome(home, row)
    print(f"exit code {row['exit_code']}")
    return int(row["exit_code"])


def _what_if(found: Settings, options: argparse.Namespace) -> int:
    from pipelines.night_runner import run_what_if

    home, _ = open_home(found, load_company(found.config))
    row = run_what_if(found, Path(options.config))
    show.outcome(home, row)
    if row["status"] == "sandboxed":
        show.what_if(home, row)
    print(f"exit code {row['exit_code']}")
    return int(row["exit_code"])


def _status(found: Settings, options: argparse.Namespace) -> int:
    home, ledger = open_home(found, load_company(found.config))
    show.status(home, ledger)
    return 0


def _rollback(found: Settings, options: argparse.Namespace) -> int:
    home, ledger = open_home(found, load_company(found.config))
    with home_lock(home):
        target = versions.roll_back(home, options.to)
    ledger.record_event(found.now(), "rollback", target.publication_id, found.user, options.reason)
    print(f"serving {target.publication_id} (as of {target.as_of})")
    return 0


def _verify(found: Settings, options: argparse.Namespace) -> int:
    home, _ = open_home(found, load_company(found.config))
    return show.verification(home)


def _sources(found: Settings, options: argparse.Namespace) -> int:
    from assets.transform.project import assemble, parse

    company = load_company(found.config)
    home, _ = open_home(found, company)
    project = assemble(company, home.dbt)
    parse(project)
    show.sources(company, project)
    return 0


def _waive(found: Settings, options: argparse.Namespace) -> int:
    company = load_company(found.config)
    _, ledger = open_home(found, company)
    until = _day(options.until)
    if not options.reason.strip():
        raise ConfigurationFault("--reason: expected why the check may fail, found nothing.")
    known = {check["check_id"] for check in ledger.checks()}
    if options.check not in known and not _is_of_an_extract(company, options.check):
        close = difflib.get_close_matches(options.check, sorted(known), 3)
        raise ConfigurationFault(
            f"{options.check}: expected the id of a check that ran"
            f"{' such as ' + ', '.join(close) if close else ''}. See kam status."
        )
    ledger.record_waiver(Waiver(options.check, options.reason, until, found.user), found.now())
    ledger.record_event(found.now(), "waive", options.check, found.user, options.reason)
    print(f"{options.check} may fail until {until}, by {found.user}: {options.reason}")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationFault(f"--until: expected a date YYYY-MM-DD, found '{text}'.") from error


def _is_of_an_extract(company: Company, check: str) -> bool:
    """A check of landing may be waived before it ever ran."""
    rule = check.partition(":")[2]
    return any(check == s.check_id(e, rule) for s in company.sources for e in s.extracts)


def _connect(found: Settings, options: argparse.Namespace) -> int:
    from pipelines.connect import connect

    company = load_company(found.config)
    home, ledger = open_home(found, company)
    return connect(found, company, home, ledger, options.source)


def _desk_template(found: Settings, options: argparse.Namespace) -> int:
    from assets.desk_template import write_template

    company = load_company(found.config)
    path = Path(options.path or Home(found.home).root / "kam_desk_template.xlsx")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_template(path, company)
    print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    dagster_home(settings().home)
    sys.exit(main())
