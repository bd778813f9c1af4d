"""One submission on A4: what is required, stated, worked out, concluded; room for the opinion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.store import ReviewedFinding, Stored
from models.form import Form
from models.types import Check, Citation, Finding, Outcome
from models.wording import text
from review_ui import verdict
from review_ui.console import severity_word
from review_ui.rule_names import rule_name
from review_ui.worksheet_cells import (
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
)
from review_ui.worksheet_tables import cluster_name, programme_name, programme_of, suggestion
from review_ui.worksheet_words import (
    NOTHING,
    OUTCOME_STYLES,
    SEVERITY_STYLES,
    VERDICT_STYLES,
    decision_note,
    decision_words,
    form_of,
    outcome_word,
    places,
    reason,
    ruling,
    spoken,
    stated_lines,
    when,
)

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

WIDTHS = (14.0, 34.0, 30.0, 30.0, 9.0, 20.0, 20.0)
COLUMNS = len(WIDTHS)
MOST_LINES = 22
"""Lines of one row; what is longer goes on in the next row, so that no page cuts it."""
REASONS = 20
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
    s = stored.summary
    _merged(sheet, 1, 1, COLUMNS, text("Review sheet of an application"), TITLE)
    sheet.row_dimensions[1].height = 30
    word = verdict.verdict(stored)
    programme = programme_of(stored)
    based_on = [f"{programme.title} {programme.number}".strip()] if programme else []
    based_on += [c.citation.document for c in stored.result.checks if c.citation]
    if programme:
        based_on = [
            d for i, d in enumerate(dict.fromkeys(based_on)) if i == 0 or d != programme.title
        ]
    counts = text(
        "errors {errors}, warnings {warnings}, notices {notices}; {unchecked} of {all} rules "
        "unchecked; {look} entries to look at",
        errors=s.errors, warnings=s.warnings, notices=s.notices, unchecked=s.unchecked,
        all=s.checks_total, look=s.needs_look,
    )  # fmt: skip
    row = 1
    for left, right in (
        ((text("submission"), s.name), (text("programme"), programme_name(stored))),
        ((text("name of the cluster"), cluster_name(stored)), (text("checked as of"), s.on)),
        (
            (text("basis"), "\n".join(f"《{d}》" for d in based_on)),
            (text("conclusion"), str(verdict.words(word))),
        ),
        ((text("files"), "\n".join(f.name for f in stored.result.files)), (text("counts"), counts)),
    ):
        row += 1
        put(sheet, row, 1, left[0], LABEL)
        _merged(sheet, row, 2, 3, left[1], TEXT)
        put(sheet, row, 4, right[0], LABEL)
        style = VERDICT_STYLES[word] if right[0] == text("conclusion") else TEXT
        _merged(sheet, row, 5, COLUMNS, right[1], style)
        sheet.row_dimensions[row].height = height(
            [(left[1], sum(WIDTHS[1:3])), (right[1], sum(WIDTHS[4:]))]
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
    split = [
        pieces(words, width - 1.5, MOST_LINES)
        for words, width in zip(line.cells(), WIDTHS, strict=True)
    ]
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
    numbered = list(enumerate(checks))

    def lines(families: Sequence[str], others: bool, each: bool) -> list[Row]:
        def mine(rule: str) -> bool:
            return (rule.split(".")[0] in families) != others

        here = [(n, c) for n, c in numbered if mine(c.rule)]
        rows = []
        done: set[tuple[str, Outcome]] = set()
        for n, c in here:
            alike = [d for _, d in here if (d.rule, d.outcome) == (c.rule, c.outcome)]
            if c.outcome == "not_met" or each or len(alike) == 1:
                rows.append(_check_row(stored, form, c, matched.get(n)))
            elif (c.rule, c.outcome) not in done:
                done.add((c.rule, c.outcome))
                rows.append(_group_row(c.rule, c.outcome, alike))
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
        _required(c.rule, c.required or (finding.expected if finding else ""), c.citation),
        said,
        _joined(computed) or NOTHING,
        _outcome(c.outcome, finding),
        _style(c.outcome, finding),
        places(c.evidences),
        _opinion(found),
    )


def _finding_row(form: Form | None, r: ReviewedFinding) -> Row:
    """A finding that stands for no check."""
    f = r.finding
    return Row(
        _article(f.citation),
        _required(f.rule, f.expected, f.citation),
        f.actual,
        _joined([f.formula, *_explained(f, form)]),
        _outcome("not_met", f),
        _style("not_met", f),
        places(f.evidences),
        _opinion(r),
    )


def _group_row(rule: str, outcome: Outcome, checks: Sequence[Check]) -> Row:
    """One line for all places of a rule with the same outcome; the reasons each once."""
    computed = NOTHING
    if outcome == "unchecked":
        why = Counter(part for c in checks for part in _reasons(c))
        shown = list(why)[:REASONS]
        if len(why) > len(shown):
            shown.append(text("and {n} more reasons", n=len(why) - len(shown)))
        computed = text("could not be checked: {why}", why="\n" + "\n".join(shown))
    return Row(
        NOTHING,
        str(rule_name(rule)),
        text("{n} places", n=len(checks)),
        computed,
        outcome_word(outcome),
        OUTCOME_STYLES[outcome],
        "",
    )


def _reasons(c: Check) -> list[str]:
    return [part.strip() for part in reason(c).replace("; ", "；").split("；") if part.strip()]


def _article(citation: Citation | None) -> str:
    return citation.article if citation else NOTHING


def _required(rule: str, required: str, citation: Citation | None) -> str:
    name = str(rule_name(rule))
    first = text("{name}: {what}", name=name, what=required) if required else name
    return f"{first}\n“{citation.quote}”" if citation else first


def _explained(f: Finding, form: Form | None) -> list[str]:
    hint = suggestion(f, form)
    return [spoken(f.message), text("perhaps meant: {hint}", hint=hint) if hint else ""]


def _joined(parts: Sequence[str]) -> str:
    return "\n".join(dict.fromkeys(p for p in parts if p))


def _outcome(outcome: Outcome, finding: Finding | None) -> str:
    word = outcome_word(outcome)
    return f"{word}\n（{severity_word(finding.severity)}）" if finding else word


def _style(outcome: Outcome, finding: Finding | None) -> str:
    return SEVERITY_STYLES[finding.severity] if finding else OUTCOME_STYLES[outcome]


def _opinion(r: ReviewedFinding | None) -> str:
    """The decision so far; empty, to be written by hand, where there is none."""
    made = ruling(r) if r else None
    if r is None or made is None:
        return ""
    return _joined(
        [decision_words()[made.verdict], decision_note(r), f"{made.who} {when(made.at)}"]
    )
