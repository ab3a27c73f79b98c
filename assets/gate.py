"""The gate at the entrance: every delivery is judged once, and again until it is good."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import dagster as dg

from assets.checks import PASSING, judge_measures, judged, result_of
from assets.company import Company, Extract, Source
from assets.faults import GateFault
from assets.known import create_raw_view, newest_of_dates, received
from assets.ledger import CheckResult, Delivery
from assets.night import Night
from expectations.incoming import SOFT, Promise, incoming, volume_warning


def landing_gates(company: Company) -> list[dg.AssetChecksDefinition]:
    """One blocking check per extract: the only factory of checks."""
    return [
        landing_gate(source, extract) for source in company.sources for extract in source.extracts
    ]


def landing_gate(source: Source, extract: Extract) -> dg.AssetChecksDefinition:
    """Stop the night when a landed extract breaks a critical expectation."""

    @dg.asset_check(
        asset=[f"raw_{source.name}", extract.table.lower()],
        name="meets_expectations",
        blocking=True,
    )
    def gate(night: dg.ResourceParam[Night]) -> dg.AssetCheckResult:
        with night.stage("check"):
            found = hold_deliveries(night, source, extract)
            broken = [r for r in found if r.is_blocking and r.status not in PASSING]
            if broken:
                night.note_fault(_fault(night, broken), stage="check")
        return dg.AssetCheckResult(
            passed=not broken,
            metadata={"checked": len(found), "broken": [r.check_id for r in broken]},
        )

    return gate


def _fault(night: Night, broken: Sequence[CheckResult]) -> GateFault:
    said = "; ".join(f"{result.check_id}: {result.detail}" for result in broken)
    return GateFault(
        f"{said}. Have the extract corrected and sent again, then run make nightly "
        f"AS_OF={night.as_of}; to accept it as it is: kam waive {broken[0].check_id} "
        f"--reason WHY --until {night.as_of}.",
        check_id=broken[0].check_id,
    )


def hold_deliveries(night: Night, source: Source, extract: Extract) -> list[CheckResult]:
    """Judge what is new of an extract, and again what was refused and not replaced since.

    A refused delivery stays out of the raw view; of a required extract it also holds the night.
    """
    table = f"raw_{source.name}.{extract.table.lower()}"
    newest = newest_of_dates(received(night, source, extract))
    if not newest:
        missing = result_of(table, "rows", "critical", "not_applicable", reason_code="NO_SOURCE")
        return [night.record_check(missing)]
    results: list[CheckResult] = []
    for place, delivery in enumerate(newest):
        is_last = place == len(newest) - 1
        if not is_last and (extract.mode == "full" or not _is_open(delivery)):
            continue
        if not night.lands and not is_last:
            continue
        accepted = [d for d in newest[:place] if d.refused is None]
        suffix = "" if is_last else f"@{delivery.extract_date}"
        found = _judge_delivery(night, extract, table, delivery, accepted, suffix)
        results += found
        if night.lands:
            _decide(night, newest, place, found)
    if any(d.refused for d in newest) or any(r.status == "waived" for r in results):
        create_raw_view(night, source, extract)
    return results


def _is_open(delivery: Delivery) -> bool:
    return not delivery.is_judged or delivery.refused is not None


def _decide(night: Night, newest: list[Delivery], place: int, found: Sequence[CheckResult]) -> None:
    """Keep a delivery out for as long as it breaks what its extract promises."""
    delivery = newest[place]
    broken = [
        result.detail or result.check_id
        for result in found
        if result.status not in PASSING
        and (result.is_blocking or (result.detail or "").startswith(SOFT))
    ]
    refused = "; ".join(broken) or None
    night.ledger.record_verdict(delivery, refused)
    newest[place] = replace(delivery, refused=refused, is_judged=True)


def _judge_delivery(
    night: Night,
    extract: Extract,
    table: str,
    delivery: Delivery,
    accepted: Sequence[Delivery],
    suffix: str,
) -> list[CheckResult]:
    profile = compared(delivery, accepted)
    promise = Promise(
        min_rows=extract.min_rows,
        mode=extract.mode,
        is_required=extract.required,
        has_amounts=extract.control_total is not None,
        has_business_date=extract.business_date is not None,
        has_key="_file_row" not in extract.key,
    )
    gates: dict[str, Any] = night.metrics["gates"]
    wanted, first_run = incoming(profile, promise, gates)
    found = [
        judged(table, item, rule=f"{item.expectation.measure}{suffix}")
        for item in judge_measures(table, profile, wanted)
    ]
    band = volume_warning(profile, gates) if extract.mode == "full" else None
    if band is not None:
        [item] = judge_measures(f"{table}.volume", profile, [band])
        found.append(judged(table, item, rule=f"volume_ratio{suffix}"))
    found += [
        result_of(table, f"{rule}{suffix}", "critical", "not_applicable", reason_code="FIRST_RUN")
        for rule in first_run
    ]
    return night.record_checks(found)


def compared(delivery: Delivery, accepted: Sequence[Delivery]) -> dict[str, float | None]:
    """The measures of a delivery, and how they stand to those of the accepted ones before it."""
    own = delivery.profile
    found = dict(own)
    found["rows_ratio"] = _ratio(own, accepted, "rows")
    found["median_ratio"] = _ratio(own, accepted, "median_amount")
    last = accepted[-1].profile.get("max_business_date") if accepted else None
    now = own.get("max_business_date")
    found["days_advanced"] = None if last is None else (now or 0.0) - last
    for currency, (said, read) in delivery.controls.items():
        if said is not None:
            found[f"control_difference__{currency}"] = float(Decimal(said) - Decimal(read))
    return found


def _ratio(
    own: dict[str, float | None], accepted: Sequence[Delivery], measure: str
) -> float | None:
    """A measure against the median of what it was in the last accepted deliveries."""
    before = sorted(value for d in accepted[-31:] if (value := d.profile.get(measure)))
    if not before:
        return None
    return (own.get(measure) or 0.0) / before[len(before) // 2]
