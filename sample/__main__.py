"""`python -m sample`: writes the sample company and says in one line what it did."""

import argparse
import hashlib
import shutil
from pathlib import Path

from sample import crm, desk, desk_state, erp, late, promotions, truth
from sample.company import build_base, build_trade
from sample.costs import draw
from sample.plan import Plan


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sample", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("data/sample"))
    for name in ("scale", "groups", "years", "nights", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Plan, name))
    args = vars(parser.parse_args())
    out = args.pop("out")
    plan = Plan(**args)
    stamp, mark = out / "complete.sha256", _digest(plan)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == mark:
        return 0
    print(
        f"sample company: {plan.groups} groups, {plan.years} years, scale {plan.scale} ...",
        flush=True,
    )
    shutil.rmtree(out, ignore_errors=True)
    _write(out, plan)
    stamp.write_text(mark, encoding="utf-8")
    print(f"sample company: written to {out}", flush=True)
    return 0


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
    truth.write(out, base, relations, revenue, plan)
    late.write(out, plan)


if __name__ == "__main__":
    raise SystemExit(main())
