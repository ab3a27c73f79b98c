"""`python -m sample`: writes the sample company; a complete folder is left alone."""

import argparse
import hashlib
import shutil
from pathlib import Path

from sample import broken, crm, desk, desk_state, erp, late, promotions, truth
from sample.company import build_base, build_trade
from sample.costs import draw
from sample.plan import NEWEST, Plan

WRITTEN = ("extracts", "late", "truth", "broken")  # nothing else in --out is touched


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sample", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("data/sample"))
    for name in ("scale", "groups", "years", "nights", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Plan, name))
    parser.add_argument("--broken", choices=broken.KINDS, help="then spoil a copy of the files")
    parser.add_argument("--date", default=str(NEWEST), help="the night that --broken spoils")
    parser.add_argument("--table", default="sa1010", help="the table that --broken spoils")
    args = vars(parser.parse_args())
    out, kind, night, table = (args.pop(name) for name in ("out", "broken", "date", "table"))
    try:
        plan = Plan(**args)
    except ValueError as fault:
        parser.error(str(fault))
    _complete(out, plan)
    if kind:
        try:
            target = broken.write_broken_copy(out, kind, night, table)
        except ValueError as fault:
            parser.error(str(fault))
        print(f"sample company: {table} of {night} is {kind} in {target}")
    return 0


def _complete(out: Path, plan: Plan) -> None:
    """Write what is missing: nothing where the same arguments and code have been here."""
    stamp, mark = out / "complete.sha256", _digest(plan)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == mark:
        return
    print(
        f"sample company: {plan.groups} groups, {plan.years} years, scale {plan.scale} ...",
        flush=True,
    )
    stamp.unlink(missing_ok=True)
    for name in WRITTEN:
        shutil.rmtree(out / name, ignore_errors=True)
    _write(out, plan)
    stamp.write_text(mark, encoding="utf-8")
    print(f"sample company: written to {out}", flush=True)


def _digest(plan: Plan) -> str:
    """What the files follow from: the arguments and the code of this package."""
    digest = hashlib.sha256(repr(plan).encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _write(out: Path, plan: Plan) -> None:
    base = build_base(plan)
    revenue = truth.Revenue(base, plan)
    agreed = promotions.build(base, plan)
    ledgers = erp.Ledgers(plan)
    root = out / "extracts" / "erp"
    erp.write_masters(root, base, plan)
    first = build_trade(base, plan)
    for replica in range(plan.scale):
        trade = build_trade(base, plan, replica) if replica else first
        spent = draw(base, trade, agreed, plan)
        erp.write_trade(root, base, trade, spent, plan)
        ledgers.add(trade)
        revenue.add(trade, spent)
    ledgers.write(root)
    relations = crm.build(base, plan)
    crm.write(out / "extracts" / "crm", base, relations, plan)
    state = desk_state.build(base, relations, first, agreed, plan)
    desk.write(out / "extracts" / "desk", state, plan)
    truth.write(out, state, first, revenue, plan)
    late.write(out, plan)
    for folder in sorted((out / "extracts").glob("*/*")):
        (folder / "_SUCCESS").touch()


if __name__ == "__main__":
    raise SystemExit(main())
