"""Which lines credits and cancellations take back: by their link, else first in, first out."""

from collections import defaultdict
from datetime import timedelta
from fractions import Fraction

from tests.oracle.facts import Row
from tests.oracle.lines import Key, Lines, by_line, key_of
from tests.oracle.parts import Part, reverse, split

MAX_AGE = timedelta(days=365)
CREDITS = ("CREDIT_NOTE", "RETURN")


def size(line: Row) -> Fraction:
    """Its pieces, whatever the sign."""
    return abs(Fraction(line["quantity"] or 0))


class Matching:
    """Walks through the credits and cancellations in order of posting date, document and line."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.line = {key_of(line): line for line in lines.all}
        self.left = {key_of(line): size(line) for line in lines.all}
        self.offset: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
        self.parts: dict[Key, list[Part]] = {}
        self.targets: dict[Key, list[tuple[Row, Fraction]]] = {}
        kinds = (*CREDITS, "CANCELLATION")
        walk = [line for line in lines.all if line["document_type"] in kinds]
        for line in sorted(walk, key=lambda r: (r["posting_date"], r["document_id"], by_line(r))):
            self.targets[key_of(line)] = self._named(line)
            if line["document_type"] in CREDITS:
                self._take_credit(line)
            else:
                self._cancel(line)

    def _named(self, line: Row) -> list[tuple[Row, Fraction]]:
        """The lines that a line names, with the pieces it takes of each."""
        which = "cancels" if line["document_type"] == "CANCELLATION" else "origin"
        document, number = line[f"{which}_document_id"], line[f"{which}_line_id"]
        offered = [r for r in self.lines.documents.get(document, []) if self._may(line, r)]
        if number is not None:
            return [(r, size(line)) for r in offered if r["line_id"] == number]
        if line["product_id"] is None:
            return []
        offered = [r for r in offered if r["product_id"] == line["product_id"]]
        return self._in_line_order(line, document, offered)

    def _may(self, line: Row, target: Row) -> bool:
        if target["document_type"] == "CANCELLATION":
            return False
        is_cancellation = line["document_type"] == "CANCELLATION"
        return is_cancellation or self.lines.column(target["document_id"]) == "invoiced"

    def _in_line_order(
        self, line: Row, document: str, offered: list[Row]
    ) -> list[tuple[Row, Fraction]]:
        if size(line) == 0:
            return [(r, Fraction(0)) for r in offered[:1]]
        name = (line["document_id"], document, line["product_id"])
        skip, wanted, found = self.offset[name], size(line), []
        self.offset[name] += wanted
        for target in offered:
            room = max(Fraction(0), size(target) - skip)
            skip = max(Fraction(0), skip - size(target))
            taken = wanted if target is offered[-1] else min(room, wanted)
            if taken:
                found.append((target, taken))
            wanted -= taken
        return found

    def _take_credit(self, line: Row) -> None:
        takes = self.targets[key_of(line)] or self._first_in_first_out(line)
        for origin, quantity in takes:
            self.left[key_of(origin)] -= quantity
        parts = [Part(origin, quantity, None) for origin, quantity in takes]
        rest = size(line) - sum((part.quantity for part in parts), Fraction(0))
        if rest > 0 or not parts:
            parts.append(Part(None, rest, None))
        money = self.lines.rc(line)
        self.parts[key_of(line)] = split(parts, None if money is None else -money, size(line))

    def _first_in_first_out(self, line: Row) -> list[tuple[Row, Fraction]]:
        wanted, found = size(line), []
        if line["product_id"] is None:
            return []
        origins = [
            r
            for r in self.lines.all
            if r["document_type"] == "INVOICE"
            and (r["customer_id"], r["product_id"]) == (line["customer_id"], line["product_id"])
            and line["posting_date"] - MAX_AGE <= r["posting_date"] <= line["posting_date"]
        ]
        for origin in sorted(
            origins, key=lambda r: (r["posting_date"], r["document_id"], by_line(r))
        ):
            taken = min(max(Fraction(0), self.left[key_of(origin)]), wanted)
            wanted -= taken
            if taken:
                found.append((origin, taken))
        return found

    def _cancel(self, line: Row) -> None:
        """What was taken is given back: pieces to their lines, money to the months it had."""
        back: list[Part] = []
        for target, quantity in self.targets[key_of(line)]:
            if target["document_type"] in CREDITS:
                share = min(Fraction(1), quantity / size(target)) if size(target) else Fraction(1)
                back += self._given_back(target, share)
            else:
                self.left[key_of(target)] -= quantity
        if self.lines.column(line["document_id"]) == "credits":
            money = self.lines.rc(line)
            parts = back or [Part(None, Fraction(0), None)]
            self.parts[key_of(line)] = reverse(parts, None if money is None else -money)

    def _given_back(self, credit: Row, share: Fraction) -> list[Part]:
        parts = self.parts[key_of(credit)]
        for part in parts:
            if part.origin is not None:
                self.left[key_of(part.origin)] += part.quantity * share
        return [Part(part.origin, part.quantity * share, part.money) for part in parts]
