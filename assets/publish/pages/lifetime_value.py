"""The page of lifetime value: every picture, what it says, and the figures behind it."""

from assets.publish.pages.calibration import calibration
from assets.publish.pages.coverage import coverage
from assets.publish.pages.document import page
from assets.publish.pages.evidence import Evidence
from assets.publish.pages.picture import Section
from assets.publish.pages.portfolio import portfolio
from assets.publish.pages.skill import skill
from assets.publish.pages.totals import totals

PAGE = "lifetime_value.html"
TITLE = "Lifetime value: what it is, and how good its forecasts were"
XML = '<?xml version="1.0" encoding="utf-8"?>\n'


def files(evidence: Evidence) -> dict[str, str]:
    """The page and each of its pictures, by file name."""
    drawn = sections(evidence)
    pictures = {
        f"{picture.name}.svg": XML + picture.svg
        for section in drawn
        for picture in section.pictures
        if picture.svg is not None
    }
    return {PAGE: page(TITLE, _stand(evidence), drawn), **pictures}


def sections(evidence: Evidence) -> list[Section]:
    """What the page shows, in its order."""
    return [
        portfolio(evidence),
        totals(evidence),
        calibration(evidence),
        coverage(evidence),
        skill(evidence),
    ]


def _stand(evidence: Evidence) -> str:
    return (
        f"{evidence.company}, as of {evidence.as_of:%Y-%m-%d}. Money in {evidence.currency}."
        f" Content hash of the tables {evidence.content_hash[:16]}."
    )
