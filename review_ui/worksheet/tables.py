"""The worksheet's three lists over all submissions: summary, findings and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from extractor.storing.store import ReviewedFinding, Stored
from models.form import Form
from models.rules.figures import field_name
from models.types import Answer, Application, Finding, NarrativeAnswer, TickAnswer
from models.wording import text
from review_ui import verdict
from review_ui.console import severity_word
from review_ui.names import rule_name, when
from review_ui.worksheet.cells import (
    BAD,
    CENTRE,
    DOUBT,
    FAINT,
    HEAD,
    HIGHEST,
    LINK,
    TEXT,
    TOP,
    Value,
    fit,
    header_text,
    print_on_a4,
    put,
    set_widths,
    units,
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
    place,
    places,
    programme_name,
    programme_of,
    ruling,
    split_reference,
    spoken,
    state_word,
    stated,
    suggestion,
    ticked,
    worst,
)

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

TALLEST = 75.0
"""Points of a row of the figures sheet; a narrative is not shown whole."""
HIDDEN = ("hecha:submission", "hecha:key", "hecha:fingerprint", "hecha:seen")
"""Headings of the findings' hidden columns, by which a filled-in worksheet is taken back."""
_Cell = tuple[Value, str]
_Column = tuple[str, float]


# ------------------------------------------------------------------ summary


def write_summary(book: Workbook, reviews: Sequence[Stored], sheets: Mapping[int, str]) -> None:
    """A row per submission, a column per criterion of all the programmes; `sheets` names the
    sheet of each submission by its id."""
    rules = _criteria(reviews)
    columns: list[_Column] = [
        (text("No."), 6),
        (text("submission"), 22),
        (text("name of the cluster"), 26),
        (text("programme"), 20),
        (text("conclusion"), 10),
        (text("errors"), 7.5),
        (text("warnings"), 7.5),
        (text("notices"), 7.5),
        (text("unchecked"), 8),
        (text("rules in all"), 8),
        (text("to look at"), 8),
        (text("findings decided"), 8),
        (text("findings in all"), 8),
        (text("checked as of"), 12),
    ]
    columns += [(str(rule_name(rule)), 10) for rule in rules]
    sheet = book.create_sheet(text("Summary sheet"))
    begin(sheet, columns, "C2")
    sheet.row_dimensions[1].height = 62
    for n, stored in enumerate(reviews, 1):
        _write(sheet, n + 1, columns, _summary_row(n, stored, rules))
        link(sheet, n + 1, sheets[stored.summary.id])
    end(sheet, columns, len(reviews), pages=2)


def _criteria(reviews: Sequence[Stored]) -> list[str]:
    """The conditions' rules, programme by programme, each once."""
    programmes = {s.summary.programme or "": programme_of(s) for s in reviews}
    known = [p for _, p in sorted(programmes.items()) if p is not None]
    rules = [c.rule for p in known for c in p.criteria]
    rules += [c.rule for s in reviews for c in s.result.checks if c.rule.startswith("criterion.")]
    return list(dict.fromkeys(rules))


def _summary_row(n: int, stored: Stored, rules: Sequence[str]) -> list[_Cell]:
    s = stored.summary
    word = verdict.verdict(stored)
    return [
        (n, LINK),
        (s.name, TEXT),
        (cluster_name(stored), TEXT),
        (programme_name(stored), TEXT),
        (str(verdict.words(word)), VERDICT_STYLES[word]),
        (s.errors, BAD if s.errors else CENTRE),
        (s.warnings, DOUBT if s.warnings else CENTRE),
        (s.notices, CENTRE),
        (s.unchecked, DOUBT if s.unchecked else CENTRE),
        (s.checks_total, CENTRE),
        (s.needs_look, DOUBT if s.needs_look else CENTRE),
        (s.decided, CENTRE),
        (s.findings, CENTRE),
        (s.on, CENTRE),
        *(_criterion_cell(stored, rule) for rule in rules),
    ]


def _criterion_cell(stored: Stored, rule: str) -> _Cell:
    """The worst outcome of the places it looks at; a reviewer's dismissal stands beside it."""
    outcome = worst(c.outcome for c in stored.result.checks if c.rule == rule)
    if outcome is None:
        return NOTHING, CENTRE
    found = [r for r in stored.findings if r.finding.rule == rule]
    if outcome == "not_met" and found and not any(verdict.stands(r) for r in found):
        return text("{outcome} (dismissed on review)", outcome=outcome_word(outcome)), FAINT
    return outcome_word(outcome), OUTCOME_STYLES[outcome]


# ------------------------------------------------------------------ findings


def write_findings(book: Workbook, reviews: Sequence[Stored], sheets: Mapping[int, str]) -> None:
    """A row per finding with the reviewer's decision, which can be chosen from a list."""
    columns: list[_Column] = [
        (text("No."), 6),
        (text("submission"), 20),
        (text("severity"), 8),
        (text("name of the rule"), 15),
        (text("id of the rule"), 18),
        (text("article"), 12),
        (text("words of the article"), 28),
        (text("figures concerned"), 30),
        (text("where it stands"), 24),
        (text("what is expected"), 18),
        (text("what is stated"), 18),
        (text("how it was worked out"), 26),
        (text("what may be meant"), 18),
        (text("explanation"), 40),
        (text("reviewer's decision"), 16),
        (text("reviewer's note"), 28),
        (text("decided by"), 10),
        (text("decided at"), 16),
        *((name, 4.0) for name in HIDDEN),
    ]
    sheet = book.create_sheet(text("Findings sheet"))
    begin(sheet, columns, "E2")
    for letter in "STUV":
        sheet.column_dimensions[letter].hidden = True
    row = 1
    for stored in reviews:
        form = form_of(stored.result.application)
        for r in stored.findings:
            row += 1
            _write(sheet, row, columns, _finding_row(row - 1, stored, form, r))
            link(sheet, row, sheets[stored.summary.id])
    end(sheet, columns, row - 1, pages=2)
    if row > 1:
        _drop_down(sheet, f"O2:O{row}")


def _finding_row(n: int, stored: Stored, form: Form | None, r: ReviewedFinding) -> list[_Cell]:
    f, made = r.finding, ruling(r)
    article, quote = (f.citation.article, f.citation.quote) if f.citation else (NOTHING, NOTHING)
    document = f.citation.document if f.citation else ""
    return [
        (n, LINK),
        (stored.summary.name, TEXT),
        (severity_word(f.severity), SEVERITY_STYLES[f.severity]),
        (str(rule_name(f.rule)), TEXT),
        (f.rule, TEXT),
        (article, CENTRE),
        (f"“{quote}”\n《{document}》" if document else quote, TEXT),
        (_figures_of(f, form, stored.result.application), TEXT),
        (places(f.evidences), TEXT),
        (f.expected, TEXT),
        (f.actual, TEXT),
        (f.formula, TEXT),
        (suggestion(f, form), TEXT),
        (spoken(f.message), TEXT),
        (decision_words()[made.verdict] if made else "", CENTRE),
        (decision_note(r), TEXT),
        (made.who if made else "", CENTRE),
        (when(made.at) if made else "", CENTRE),
        (str(stored.summary.id), CENTRE),
        (r.key, CENTRE),
        (r.fingerprint, CENTRE),
        (str(r.decision.id) if r.decision else "0", CENTRE),
    ]


def _figures_of(f: Finding, form: Form | None, application: Application | None) -> str:
    lines = []
    for name in f.fields:
        about, said = called(form, *split_reference(name)), stated(application, name)
        lines.append(text("{name}: {what}", name=about, what=said) if said else about)
    return "\n".join(lines)


def _drop_down(sheet: Worksheet, cells: str) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    choices = ",".join(decision_words().values())
    rule = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True)
    rule.showErrorMessage = True
    rule.errorTitle = text("reviewer's decision")
    rule.error = text("Please choose one of the list; remarks go into the next column.")
    sheet.add_data_validation(rule)
    rule.add(cells)


# ------------------------------------------------------------------ figures


def write_figures(book: Workbook, reviews: Sequence[Stored], sheets: Mapping[int, str]) -> None:
    """A row per figure, text, question and narrative as read (and as people corrected it)."""
    columns: list[_Column] = [
        (text("No."), 6),
        (text("submission"), 20),
        (text("part of the form"), 13),
        (text("printed label"), 30),
        (text("field"), 20),
        (text("period"), 8),
        (text("value"), 15),
        (text("unit"), 10),
        (text("as it stands on the paper"), 30),
        (text("how it is filled in"), 11),
        (text("confidence"), 8),
        (text("look at it"), 8),
        (text("why look"), 22),
        (text("file"), 16),
        (text("where it stands"), 18),
        (text("corrected on review"), 22),
    ]
    sheet = book.create_sheet(text("Figures sheet"))
    begin(sheet, columns, "E2")
    row = 1
    for stored in reviews:
        application = stored.result.application
        if application is None:
            continue
        form = form_of(application)
        for answer in _in_order(form, application):
            row += 1
            cells = _figure_row(row - 1, stored, form, answer)
            _write(sheet, row, columns, cells, TALLEST)
            link(sheet, row, sheets[stored.summary.id])
    end(sheet, columns, row - 1)


_Said = Answer | TickAnswer | NarrativeAnswer


def _in_order(form: Form | None, application: Application) -> list[_Said]:
    """In the order of the form, the years of a figure together."""
    said: list[_Said] = [*application.answers, *application.ticks, *application.narratives]
    if form is None:
        return said
    order = {f.id: n for n, f in enumerate(form.fields)}
    return sorted(said, key=lambda a: order.get(a.field, len(order)))


def _figure_row(n: int, stored: Stored, form: Form | None, a: _Said) -> list[_Cell]:
    field = form.field(a.field) if form is not None and form.has(a.field) else None
    value, unit, raw, confidence = _value(a)
    look = text("needs a look") if a.needs_look else text("needs no look")
    return [
        (n, LINK),
        (stored.summary.name, TEXT),
        (field.section if field else "", TEXT),
        (field_name(field).zh if field else "", TEXT),
        (a.field, TEXT),
        ((a.period if isinstance(a, Answer) else None) or "", CENTRE),
        (value, _long(value) if isinstance(value, str) else CENTRE),
        (unit, CENTRE),
        (raw, _long(raw)),
        (state_word(a.state), CENTRE),
        (confidence, CENTRE),
        (look, DOUBT if a.needs_look else CENTRE),
        (spoken(a.why_look), TEXT),
        (a.evidence.file, TEXT),
        (place(a.evidence), TEXT),
        (_correction(stored, a), TEXT),
    ]


def _correction(stored: Stored, a: _Said) -> str:
    """Who corrected what was read, and what it was; empty where nobody did."""
    period = a.period if isinstance(a, Answer) else None
    for c in stored.corrections:
        if c.applied and (c.field, c.period) == (a.field, period):
            before = c.before
            if isinstance(before, Mapping):
                before = "；".join(option for option, on in before.items() if on) or NOTHING
            was = text("read as “{before}”", before=before)
            return "\n".join(line for line in (f"{c.who} {when(c.at)}", was, c.why) if line)
    return ""


def _value(a: _Said) -> tuple[Value, str, str, Decimal | None]:
    """Value, unit, what stands there, confidence."""
    if isinstance(a, Answer):
        value = a.value if a.state == "given" else None
        return value, a.unit or "", a.raw, _percent(a.confidence)
    if isinstance(a, NarrativeAnswer):
        given = a.state == "given"
        unit = text("characters (Word's count)") if given else ""
        return (a.characters if given else None), unit, a.text, _percent(a.confidence)
    sure = min((o.confidence for o in a.options), default=None)
    return ticked(a), "", a.evidence.raw, None if sure is None else _percent(sure)


def _long(words: str) -> str:
    """A text that its row may not show whole is shown from its beginning."""
    return TOP if "\n" in words or units(words) > 13 else TEXT


def _percent(confidence: float) -> Decimal:
    return Decimal(str(round(confidence, 2)))


# ------------------------------------------------------------------ what all three share


def begin(sheet: Worksheet, columns: Sequence[_Column], freeze: str) -> None:
    set_widths(sheet, [w for _, w in columns])
    for i, (title, _) in enumerate(columns, 1):
        put(sheet, 1, i, title, HEAD)
    fit(sheet, 1, [w for title, w in columns if title not in HIDDEN])
    sheet.freeze_panes = freeze


def _write(
    sheet: Worksheet,
    row: int,
    columns: Sequence[_Column],
    cells: Sequence[_Cell],
    tallest: float = HIGHEST,
) -> None:
    for i, (value, style) in enumerate(cells, 1):
        put(sheet, row, i, value, style)
    # what is hidden makes no row higher
    shown = [w for title, w in columns if title not in HIDDEN]
    fit(sheet, row, shown, tallest)


def end(sheet: Worksheet, columns: Sequence[_Column], rows: int, pages: int = 1) -> None:
    """Filters, and printing `pages` wide with the submission's name on each."""
    from openpyxl.utils import get_column_letter

    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{rows + 1}"
    print_on_a4(sheet, 1)
    sheet.page_setup.fitToWidth = pages
    sheet.print_title_cols = "A:B"
    sheet.oddHeader.center.text = header_text(sheet.title)


def link(sheet: Worksheet, row: int, target: str) -> None:
    """A click on the row's number leads to the submission's own sheet.

    Not on its name: LibreOffice does not wrap the text of a link.
    """
    from openpyxl.worksheet.hyperlink import Hyperlink

    cell = sheet.cell(row, 1)
    quoted = target.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!A1")
