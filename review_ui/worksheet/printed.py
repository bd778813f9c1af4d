"""One submission on A4: what is required, stated, worked out, concluded; room for the opinion."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.storing.store import ReviewedFinding, Stored
from models.form import Form
from models.types import Check, Citation, Finding, Outcome
from models.wording import text
from review_ui import verdict
from review_ui.console import severity_word
from review_ui.names import rule_name, when
from review_ui.worksheet.cells import (
    CENTRE,
    HEAD,
    LABEL,
    PLAIN,
    SECTION,
    TEXT,
    TITLE,
    header_text,
    height,
    pieces,
    print_on_a4,
    put,
    set_widths,
    wrapped,
)
from review_ui.worksheet.words import (
    NOTHING,
    OUTCOME_STYLES,
    SEVERITY_STYLES,
    VERDICT_STYLES,
    called,
    cluster_name,
    decision_note,
    decision_words,
    form_of,
    outcome_word,
    places,
    programme_name,
    programme_of,
    reason,
    ruling,
    split_reference,
    spoken,
    stated_lines,
    suggestion,
)

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

WIDTHS = (14.0, 34.0, 30.0, 30.0, 9.0, 20.0, 20.0)
COLUMNS = len(WIDTHS)
MOST_LINES = 14
"""Lines of one row; what is longer goes on in the next row, so that pages are filled and none
cuts a text."""
REASONS = 6
"""Reasons told on a line that stands for several unchecked places."""
FILES = 8
"""Files named at the head."""
ROOM = 2
"""Lines that a row has at least, to write by hand."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the sheet; `opinion` is what the reviewer decided so far."""

    article: str
    required: str
    stated: str
    computed: str
    outcome: str
    style: str
    where: str
    opinion: str = ""

    def cells(self) -> tuple[str, ...]:
        return (
            self.article, self.required, self.stated, self.computed, self.outcome,
            self.where, self.opinion,
        )  # fmt: skip


def write_sheet(book: Workbook, stored: Stored, title: str) -> None:
    """The sheet of one submission; `title` is a legal sheet name that no other sheet has."""
    sheet = book.create_sheet(title)
    set_widths(sheet, WIDTHS)
    header = _head(sheet, stored)
    print_on_a4(sheet, header)
    s = stored.summary
    sheet.oddHeader.left.text = header_text(s.name)
    sheet.oddHeader.right.text = header_text(f"{programme_name(stored)}  {s.on}")
    sheet.freeze_panes = sheet.cell(header + 1, 1)
    row = header
    for name, lines in _parts(stored):
        row = _section(sheet, row + 1, name)
        for line in lines:
            row = _line(sheet, row, line)
    _signatures(sheet, row + 2)


# ------------------------------------------------------------------ the head


def _head(sheet: Worksheet, stored: Stored) -> int:
    """Title and particulars; the row of the column headings."""
    _merged(sheet, 1, 1, COLUMNS, text("Review sheet of an application"), TITLE)
    sheet.row_dimensions[1].height = 30
    row = 1
    for (left, said), (right, told, style) in _particulars(stored):
        row += 1
        put(sheet, row, 1, left, LABEL)
        _merged(sheet, row, 2, 3, said or NOTHING, TEXT)
        put(sheet, row, 4, right, LABEL)
        _merged(sheet, row, 5, COLUMNS, told, style)
        sheet.row_dimensions[row].height = height(
            [
                (left, WIDTHS[0]),
                (said, sum(WIDTHS[1:3])),
                (right, WIDTHS[3]),
                (told, sum(WIDTHS[4:])),
            ]
        )
    row += 1
    titles = (
        text("article"), text("what is required"), text("stated by the applicant"),
        text("worked out"), text("outcome"), text("where it stands"), text("reviewer's opinion"),
    )  # fmt: skip
    for i, words in enumerate(titles, 1):
        put(sheet, row, i, words, HEAD)
    sheet.row_dimensions[row].height = height(zip(titles, WIDTHS, strict=True))
    return row


def _particulars(stored: Stored) -> list[tuple[tuple[str, str], tuple[str, str, str]]]:
    """What stands at the head: label and text on the left, label, text and style on the right."""
    s = stored.summary
    word = verdict.verdict(stored)
    counts = text(
        "errors {errors}, warnings {warnings}, notices {notices}; {unchecked} of {all} rules "
        "unchecked; {look} entries to look at",
        errors=s.errors, warnings=s.warnings, notices=s.notices, unchecked=s.unchecked,
        all=s.checks_total, look=s.needs_look,
    )  # fmt: skip
    return [
        ((text("submission"), s.name), (text("programme"), programme_name(stored), TEXT)),
        (
            (text("name of the cluster"), cluster_name(stored)),
            (text("checked as of"), s.on, TEXT),
        ),
        (
            (text("basis"), _basis(stored)),
            (text("conclusion"), str(verdict.words(word)), VERDICT_STYLES[word]),
        ),
        ((text("files"), _files(stored)), (text("counts"), counts, TEXT)),
    ]


def _basis(stored: Stored) -> str:
    """The regulation and the other documents whose words are cited, one to a line."""
    programme = programme_of(stored)
    titles = [programme.title] if programme else []
    titles += [c.citation.document for c in stored.result.checks if c.citation]
    lines = [f"《{title}》" for title in dict.fromkeys(titles)]
    if programme and programme.number:
        lines[0] += f"（{programme.number}）"
    return "\n".join(lines)


def _files(stored: Stored) -> str:
    names = [f.name for f in stored.result.files]
    more = len(names) - FILES
    return "\n".join(names[:FILES] + ([text("and {n} more files", n=more)] if more > 0 else []))


def _merged(sheet: Worksheet, row: int, first: int, last: int, words: str, style: str) -> None:
    for column in range(first, last + 1):
        put(sheet, row, column, words if column == first else None, style)
    sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)


def _section(sheet: Worksheet, row: int, name: str) -> int:
    _merged(sheet, row, 1, COLUMNS, name, SECTION)
    sheet.row_dimensions[row].height = 20
    return row


def _line(sheet: Worksheet, row: int, line: Row) -> int:
    """Writes a line, in as many rows as its longest text needs; the last row."""
    sized = [(words, width - 1.5) for words, width in zip(line.cells(), WIDTHS, strict=True)]
    longest = max(len(wrapped(words, width)) for words, width in sized)
    # even parts, so that no single line is left for the last
    most = math.ceil(longest / math.ceil(longest / MOST_LINES))
    split = [pieces(words, width, most) for words, width in sized]
    for n in range(max(len(parts) for parts in split)):
        row += 1
        shown = [parts[n] if n < len(parts) else "" for parts in split]
        if n:
            shown[0] = text("(continued)")
        for i, words in enumerate(shown, 1):
            style = CENTRE if i == 1 else line.style if i == 5 else TEXT
            put(sheet, row, i, words, style)
        sheet.row_dimensions[row].height = height(zip(shown, WIDTHS, strict=True), ROOM)
    return row


def _signatures(sheet: Worksheet, row: int) -> None:
    opinion = text("Opinion of the review:")
    _merged(sheet, row, 1, COLUMNS, opinion, PLAIN)
    sheet.row_dimensions[row].height = 44
    line = text("Reviewer: ____________    Checked by: ____________    Date: ____________")
    _merged(sheet, row + 1, 1, COLUMNS, line, PLAIN)
    sheet.row_dimensions[row + 1].height = 30


# ------------------------------------------------------------------ the lines


def _parts(stored: Stored) -> Iterator[tuple[str, list[Row]]]:
    """The parts of the sheet with their lines; a part without lines is left out."""
    form = form_of(stored.result.application)
    open_findings = {id(r): r for r in stored.findings}
    checks = stored.result.checks
    matched: dict[int, ReviewedFinding] = {}
    for n, c in enumerate(checks):
        for key, r in open_findings.items():
            if c.outcome == "not_met" and (r.finding.rule, r.finding.fields) == (c.rule, c.fields):
                matched[n] = open_findings.pop(key)
                break
    left = list(open_findings.values())

    def lines(families: Sequence[str], others: bool, each: bool) -> list[Row]:
        def mine(rule: str) -> bool:
            return (rule.split(".")[0] in families) != others

        here = [(n, c) for n, c in enumerate(checks) if mine(c.rule)]
        alike: dict[tuple[str, Outcome], list[Check]] = {}
        for _, c in here:
            alike.setdefault((c.rule, c.outcome), []).append(c)
        rows = []
        for n, c in here:
            group = alike[c.rule, c.outcome]
            if c.outcome == "not_met" or each or len(group) == 1:
                rows.append(_check_row(stored, form, c, matched.get(n)))
            elif c is group[0]:
                rows.append(_group_row(form, c.rule, c.outcome, group))
        return rows + [_finding_row(form, r) for r in left if mine(r.finding.rule)]

    for name, rows in (
        (text("I. Conditions of the programme"), lines(("criterion",), False, True)),
        (text("II. Figures that must agree"), lines(("arithmetic", "agreement"), False, False)),
        (
            text("III. Filling in, materials and files"),
            lines(("criterion", "arithmetic", "agreement"), True, False),
        ),
    ):
        if rows:
            yield name, rows


def _check_row(stored: Stored, form: Form | None, c: Check, found: ReviewedFinding | None) -> Row:
    said = stated_lines(form, stored.result.application, c)
    finding = found.finding if found else None
    computed = [finding.formula if finding and finding.formula else c.computed]
    if c.outcome == "unchecked":
        computed.append(text("could not be checked: {why}", why=reason(c)))
    if finding:
        computed += _explained(finding, form)
    return Row(
        _article(c.citation),
        _required(c.rule, c.required, c.citation),
        said or NOTHING,
        _joined(computed) or NOTHING,
        _outcome(c.outcome, finding),
        SEVERITY_STYLES[finding.severity] if finding else OUTCOME_STYLES[c.outcome],
        places(c.evidences) or NOTHING,
        _opinion(found),
    )


def _finding_row(form: Form | None, r: ReviewedFinding) -> Row:
    """A finding that stands for no check."""
    f = r.finding
    return Row(
        _article(f.citation),
        _required(f.rule, f.expected, f.citation),
        f.actual or NOTHING,
        _joined([f.formula, *_explained(f, form)]),
        severity_word(f.severity),
        SEVERITY_STYLES[f.severity],
        places(f.evidences) or NOTHING,
        _opinion(r),
    )


def _group_row(form: Form | None, rule: str, outcome: Outcome, checks: Sequence[Check]) -> Row:
    """One line for all places of a rule with the same outcome; unchecked ones by name."""
    said, computed = text("{n} places", n=len(checks)), NOTHING
    if outcome == "unchecked":
        said = _joined([said, *_places_named(form, checks)])
        why = list(dict.fromkeys(part for c in checks for part in _reasons(c)))
        more = len(why) - REASONS
        shown = why[:REASONS] + ([text("and {n} more reasons", n=more)] if more > 0 else [])
        computed = text("could not be checked: {why}", why="\n" + "\n".join(shown))
    return Row(
        NOTHING,
        str(rule_name(rule)),
        said,
        computed,
        outcome_word(outcome),
        OUTCOME_STYLES[outcome],
        NOTHING,
    )


def _places_named(form: Form | None, checks: Sequence[Check]) -> list[str]:
    """What each check is about (the first of its figures), the years of one in one line."""
    years: dict[str, list[str]] = {}
    for c in checks:
        for name in c.fields[:1]:
            field, period = split_reference(name)
            years.setdefault(called(form, field, None), []).extend([period] if period else [])
    return [
        text("{name} ({years})", name=name, years="、".join(dict.fromkeys(found)))
        if found
        else name
        for name, found in years.items()
    ]


def _reasons(c: Check) -> list[str]:
    return [part.strip() for part in reason(c).replace("; ", "；").split("；") if part.strip()]


def _article(citation: Citation | None) -> str:
    return citation.article if citation else NOTHING


def _required(rule: str, required: str, citation: Citation | None) -> str:
    name = str(rule_name(rule))
    # a bare number (1 tick, 0.00) says nothing beside the rule's name
    bare = re.fullmatch(r"[\d.]*", required)
    first = name if bare else text("{name}: {what}", name=name, what=required)
    return f"{first}\n“{citation.quote}”" if citation else first


def _explained(f: Finding, form: Form | None) -> list[str]:
    hint = suggestion(f, form)
    return [spoken(f.message), text("perhaps meant: {hint}", hint=hint) if hint else ""]


def _joined(parts: Sequence[str]) -> str:
    return "\n".join(dict.fromkeys(p for p in parts if p))


def _outcome(outcome: Outcome, finding: Finding | None) -> str:
    word = outcome_word(outcome)
    return f"{word}\n（{severity_word(finding.severity)}）" if finding else word


def _opinion(r: ReviewedFinding | None) -> str:
    """The decision so far; empty, to be written by hand, where there is none."""
    made = ruling(r) if r else None
    if r is None or made is None:
        return ""
    return _joined(
        [decision_words()[made.verdict], decision_note(r), f"{made.who} {when(made.at)}"]
    )
