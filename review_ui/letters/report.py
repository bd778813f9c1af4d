"""The batch report: how many submissions, which verdicts, the commonest findings, by city. XLSX."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from extractor.storing.desk import Tally
from extractor.storing.records import Summary
from extractor.storing.store import Store
from models.programme import load_programme, programme_ids
from models.wording import text
from models.writing.naming import region_stem
from review_ui import verdict
from review_ui.names import rule_name, when
from review_ui.worksheet.cells import (
    BAD,
    CENTRE,
    HEAD,
    PLAIN,
    TEXT,
    TITLE,
    Value,
    add_styles,
    fit,
    print_on_a4,
    put,
    set_widths,
)
from review_ui.worksheet.words import VERDICT_STYLES

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

WORDS: tuple[verdict.Word, ...] = ("unmet", "mend", "open", "unchecked", "met")
SHOWN = 15
"""Rules in the chart of the commonest findings; the table below it has all."""


def batch_report(store: Store, submissions: Sequence[int] | None = None) -> bytes:
    """The report of these submissions (ids; None for all) as the bytes of an .xlsx."""
    from openpyxl import Workbook

    wanted = None if submissions is None else set(submissions)
    summaries = [s for s in store.list_submissions() if wanted is None or s.id in wanted]
    ids = {s.id for s in summaries}
    standings, cities = store.desk.standings(), store.desk.cities()
    words = {s.id: verdict.word(s, standings.get(s.id, [])) for s in summaries}
    city_of = {id: region_stem(cities.get(id, ("", ""))[0]) for id in ids}
    book = Workbook()
    book.remove(book.worksheets[0])
    add_styles(book)
    _overview(book, summaries, words, standings)
    _by_city(book, summaries, words, city_of)
    _commonest(book, store.desk.by_rule(ids), len(ids))
    _people(book, store.desk.by_person(ids))
    book.properties.creator = "hecha"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Workbook, name: str, widths: Sequence[float]) -> Worksheet:
    sheet = book.create_sheet(name)
    set_widths(sheet, widths)
    print_on_a4(sheet, 1)
    return sheet


def _table(
    sheet: Worksheet, row: int, heads: Sequence[str], widths: Sequence[float],
    lines: Iterable[Sequence[tuple[Value, str]]],
) -> int:  # fmt: skip
    """Writes a table from that row on; the row after it."""
    for n, head in enumerate(heads, 1):
        put(sheet, row, n, head, HEAD)
    fit(sheet, row, widths)
    for line in lines:
        row += 1
        for n, (value, style) in enumerate(line, 1):
            put(sheet, row, n, value, style)
        fit(sheet, row, widths)
    return row + 1


# ------------------------------------------------------------------ the sheets


def _overview(
    book: Workbook, summaries: Sequence[Summary], words: dict[int, verdict.Word],
    standings: dict[int, list[Tally]],
) -> None:  # fmt: skip
    widths = (24, 14, 14, 14, 14, 14, 14)
    sheet = _sheet(book, text("Overview"), widths)
    put(sheet, 1, 1, text("Batch report: {n} submissions", n=len(summaries)), TITLE)
    sheet.merge_cells("A1:G1")
    sheet.row_dimensions[1].height = 30
    times = sorted(s.at for s in summaries)
    if times:
        span = text("reviewed from {begin} to {end}", begin=when(times[0]), end=when(times[-1]))
        put(sheet, 2, 1, span, PLAIN)
        sheet.merge_cells("A2:G2")
    counts = Counter(words.values())
    lines = [
        [(str(verdict.words(w)), VERDICT_STYLES[w]), (counts[w], CENTRE)] for w in WORDS
    ]  # fmt: skip
    first = 5
    end = _table(sheet, first - 1, (text("verdict"), text("submissions")), widths, lines)
    _chart(sheet, f"D{first - 1}", text("Submissions by verdict"), 2, first, end - 1)
    programmes = sorted({s.programme or "" for s in summaries})
    rows = []
    for id in programmes:
        own = [s for s in summaries if (s.programme or "") == id]
        tallies = [t for s in own for t in standings.get(s.id, [])]
        settled = sum(t.count for t in tallies if t.state != "open")
        name = load_programme(id).name if id in programme_ids() else text("not told")
        sums: list[tuple[Value, str]] = [(name, TEXT), (len(own), CENTRE)]
        sums += [
            (n, CENTRE)
            for n in (
                sum(s.errors for s in own), sum(s.warnings for s in own),
                sum(s.unchecked for s in own), sum(s.needs_look for s in own), settled,
            )
        ]  # fmt: skip
        rows.append(sums)
    heads = (
        text("programme"), text("submissions"), text("errors"), text("warnings"),
        text("unchecked"), text("to look at"), text("findings decided"),
    )  # fmt: skip
    _table(sheet, max(end, first + 16) + 1, heads, widths, rows)


def _by_city(
    book: Workbook, summaries: Sequence[Summary], words: dict[int, verdict.Word],
    city_of: dict[int, str],
) -> None:  # fmt: skip
    widths = (18, 10, *([11] * len(WORDS)), 12, 12)
    sheet = _sheet(book, text("By city"), widths)
    lines = []
    for city in sorted(set(city_of.values()), key=lambda c: (not c, c)):
        own = [s for s in summaries if city_of[s.id] == city]
        counts = Counter(words[s.id] for s in own)
        limit = _quota(own)
        over = limit is not None and bool(city) and len(own) > limit
        line: list[tuple[Value, str]] = [(city or text("not told"), TEXT), (len(own), CENTRE)]
        line += [(counts[w], CENTRE) for w in WORDS]
        line.append((limit if limit is not None and city else "—", CENTRE))
        beyond = len(own) - limit if over and limit is not None else 0
        line.append((beyond, BAD if over else CENTRE))
        lines.append(line)
    heads = (
        text("city"), text("submissions"), *(str(verdict.words(w)) for w in WORDS),
        text("quota"), text("clusters beyond the quota"),
    )  # fmt: skip
    end = _table(sheet, 1, heads, widths, lines)
    if len(lines) > 1:
        _on_a_page_of_its_own(sheet, end + 2)
        _chart(sheet, f"A{end + 2}", text("Submissions by city"), 2, 2, end - 1, width=24)


def _quota(own: Sequence[Summary]) -> int | None:
    """What the programme allows a city, where all of these are of one programme that says so."""
    programmes = {s.programme for s in own}
    if len(programmes) != 1:
        return None
    id = programmes.pop()
    quota = load_programme(id).quota if id in programme_ids() else None
    return None if quota is None else quota.clusters


def _commonest(book: Workbook, rules: Sequence[dict[str, Any]], all: int) -> None:
    widths = (30, 28, 11, 10, 10, 10, 10, 10, 12)
    sheet = _sheet(book, text("Commonest findings"), widths)
    heads = (
        text("rule"), text("id of the rule"), text("in submissions"), text("findings"),
        text("confirmed"), text("dismissed"), text("asked"), text("open"),
        text("share of submissions"),
    )  # fmt: skip
    lines = [
        [
            (str(rule_name(r["rule"])), TEXT), (r["rule"], TEXT), (r["submissions"], CENTRE),
            (r["findings"], CENTRE), (r["confirm"], CENTRE), (r["dismiss"], CENTRE),
            (r["ask"], CENTRE), (r["open"], CENTRE),
            (f"{100 * r['submissions'] / all:.0f}%", CENTRE),
        ]
        for r in rules
    ]  # fmt: skip
    end = _table(sheet, 1, heads, widths, lines)
    if lines:
        last = min(end - 1, 1 + SHOWN)
        title = text("Commonest findings, by submissions concerned")
        _on_a_page_of_its_own(sheet, end + 2)
        _chart(sheet, f"A{end + 2}", title, 3, 2, last, width=24, across=True)


def _people(book: Workbook, people: Sequence[dict[str, Any]]) -> None:
    widths = (22, 14, 14, 14)
    sheet = _sheet(book, text("By reviewer"), widths)
    heads = (text("reviewer"), text("submissions"), text("decisions"), text("corrections"))
    lines = [
        [
            (p["who"], TEXT), (p["submissions"], CENTRE), (p["decisions"], CENTRE),
            (p["corrections"], CENTRE),
        ]
        for p in people
    ]  # fmt: skip
    _table(sheet, 1, heads, widths, lines)


def _chart(
    sheet: Worksheet, at: str, title: str, column: int, first: int, last: int,
    width: float = 14, across: bool = False,
) -> None:  # fmt: skip
    """Bars of one column, named by the first."""
    from openpyxl.chart import BarChart, Reference
    from openpyxl.chart.label import DataLabelList

    chart = BarChart()
    chart.type = "bar" if across else "col"
    chart.title, chart.legend, chart.gapWidth = title, None, 60
    chart.width, chart.height = width, max(8, 0.6 * (last - first + 1) + 3) if across else 8
    chart.add_data(Reference(sheet, min_col=column, min_row=first, max_row=last))
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    # each said: a program that is told nothing shows series and category too
    chart.dataLabels = DataLabelList(
        showVal=True, showSerName=False, showCatName=False, showLegendKey=False,
        showPercent=False, showLeaderLines=False,
    )  # fmt: skip
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorGridlines = None
    chart.y_axis.number_format = "0"
    if across:
        chart.x_axis.scaling.orientation = "maxMin"
    sheet.add_chart(chart, at)


def _on_a_page_of_its_own(sheet: Worksheet, row: int) -> None:
    """What stands from this row on is not cut by the end of a page."""
    from openpyxl.worksheet.pagebreak import Break

    sheet.row_breaks.append(Break(id=row - 1))
