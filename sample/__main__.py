"""`python -m sample`: writes the sample company and says in one line what it did."""

import argparse
from pathlib import Path

from sample import crm, desk, desk_state, erp, promotions
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
    base = build_base(plan)
    agreed = promotions.build(base, plan)
    ledgers = erp.Ledgers(plan)
    root = out / "extracts" / "erp"
    erp.write_masters(root, base, plan)
    first = None
    for replica in range(plan.scale):
        trade = build_trade(base, plan, replica)
        erp.write_trade(root, base, trade, draw(base, trade, agreed, plan), plan)
        ledgers.add(trade)
        first = trade if replica == 0 else first
    ledgers.write(root)
    relations = crm.build(base, plan)
    crm.write(out / "extracts" / "crm", base, relations, plan)
    state = desk_state.build(base, relations, first, agreed, plan)
    desk.write(out / "extracts" / "desk", state, plan)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
