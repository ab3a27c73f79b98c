"""Sections as one HTML file that needs nothing else: no script, no font, no network."""

from collections.abc import Sequence
from html import escape

import pandas as pd

from assets.publish.pages.picture import Picture, Section

STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 78rem; padding: 1.5rem; background: #fff; color: #24292f;
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .25rem; border-top: 1px solid #d8dee4; padding-top: 1rem; }
p { max-width: 60rem; margin: .25rem 0 .75rem; }
a { color: #1f5f99; }
.stand, .reading { color: #57606a; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr));
  gap: 1.5rem; }
figure { margin: 0; break-inside: avoid; }
figure svg { width: 100%; height: auto; max-height: 30rem; }
figcaption { font-size: .93rem; }
.none { border: 1px dashed #8c959f; border-radius: 4px; padding: 1rem; }
.none strong { display: block; }
details { margin-top: .5rem; font-size: .87rem; }
summary { cursor: pointer; color: #1f5f99; }
dl { display: grid; grid-template-columns: max-content minmax(0, 60rem); gap: .25rem 1rem; }
dt { font-weight: 600; } dd { margin: 0; }
table { border-collapse: collapse; margin-top: .5rem; }
caption { text-align: left; color: #57606a; padding-bottom: .25rem; }
th, td { border-bottom: 1px solid #d8dee4; padding: .15rem .6rem; text-align: right;
  font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; }
"""
WORDS = {
    "client": "an economic group: all its customers and accounts together",
    "decision date": "a month end from which the next 90 days or 12 months were forecast",
    "known, reconstructed": "a forecast stored on its decision date; one made later from the facts"
    " dated by then, which proves less. The two are never mixed",
    "p10, p90": "one outcome in ten should lie below p10, one in ten above p90",
    "beyond proof": "too few totals of that horizon have matured to say how wrong they are",
    "tenth": "forecasts sorted by size and cut into ten parts of equal number; equal ones stay"
    " together",
    "skill": "amounts: 1 - error / error of the rule, errors summed client by client; probability:"
    " area under the ROC curve less that of the rule, which counts as one half at least",
    "rules": "the last 12 months again; the same dates one year before; hiatus: the usual pace goes"
    " on unless the client has been silent for two usual gaps; gap: the longer silent for its usual"
    " gap, the likelier to stay silent",
}
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
BASES = (
    "Filled or solid: known, as it was stored on the day. Hollow or dashed: reconstructed later."
    " Tables: kam.portfolio_ltv and kam.score_backtest; the data dictionary has their columns."
)

DOCUMENT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p class="stand">{stand}</p>
<nav aria-label="Questions"><ul>
{contents}
</ul></nav>
<p class="reading">{bases}</p>
</header>
<main>
{body}
<section id="words">
<h2>Words</h2>
<dl>
{words}
</dl>
</section>
</main>
</body>
</html>
"""


def page(title: str, stand: str, sections: Sequence[Section]) -> str:
    """The document, its text escaped."""
    return DOCUMENT.format(
        policy=POLICY,
        style=STYLE,
        title=escape(title),
        stand=escape(stand),
        contents=_contents(sections),
        bases=escape(BASES),
        body="\n".join(_section(section) for section in sections),
        words=_words(),
    )


def _contents(sections: Sequence[Section]) -> str:
    return "\n".join(
        f'<li><a href="#{section.name}">{escape(section.question)}</a></li>' for section in sections
    )


def _words() -> str:
    return "\n".join(f"<dt>{escape(word)}</dt><dd>{escape(WORDS[word])}.</dd>" for word in WORDS)


def _section(section: Section) -> str:
    pictures = "\n".join(_picture(picture) for picture in section.pictures)
    return f"""<section id="{section.name}">
<h2>{escape(section.question)}</h2>
<p class="reading">{escape(section.reading)}</p>
<div class="pictures">
{pictures}
</div>
</section>"""


def _picture(picture: Picture) -> str:
    says = escape(picture.says)
    if picture.svg is None:
        return f'<p class="none"><strong>{escape(picture.title)}</strong> {says}</p>'
    return f"""<figure id="{picture.name}">
{picture.svg}<figcaption>{says}</figcaption>
{_figures(picture)}
</figure>"""


def _figures(picture: Picture) -> str:
    if picture.table is None:
        return ""
    return (
        f"<details><summary>The figures</summary>\n{_table(picture.table, picture.title)}\n"
        "</details>"
    )


def _table(frame: pd.DataFrame, caption: str) -> str:
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in frame.columns)
    rows = "\n".join(
        f'<tr><th scope="row">{escape(str(first))}</th>'
        + "".join(f"<td>{escape(str(value))}</td>" for value in rest)
        + "</tr>"
        for first, *rest in frame.itertuples(index=False)
    )
    return (
        f"<table><caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody></table>"
    )
