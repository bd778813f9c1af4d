"""The nouns that every room of the house uses. Frozen, without behaviour beyond small look-ups.

Coordinates are PDF points from the page's top left after rotation; pages count from 1.
Text has one convention: a tick box stands in it as ☑ or ☐, whatever the file used, and the
n-th such character of a `text` belongs to the n-th entry of the `marks` beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from models.wording import Bilingual

Bbox = tuple[float, float, float, float]
"""x0, top, x1, bottom."""

TICKED = "☑"
UNTICKED = "☐"
BOXES = TICKED + UNTICKED

State = Literal["given", "none", "blank", "absent", "unreadable"]
Severity = Literal["error", "warning", "notice"]
Outcome = Literal["met", "not_met", "unchecked"]


# ------------------------------------------------------------------ what a reader returns


@dataclass(frozen=True, slots=True)
class Mark:
    """One tick box. `ticked` is None where the box is there and its state cannot be told."""

    ticked: bool | None
    how: str
    """glyph, replaced, brackets, radio, content-control, form-field, field-code, drawing,
    annotation, ink or picture."""
    confidence: float
    label: str = ""
    """The words the box belongs to, as far as the reader can tell (without the box)."""
    page: int | None = None
    bbox: Bbox | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Where the characters text[start:end] of a cell or paragraph stand on the page."""

    start: int
    end: int
    page: int
    bbox: Bbox
    sure: float = 1.0
    """How sure it is that these characters stand there, 0 to 1; below 1 where they were
    recognised in a picture."""


Span = tuple[int, int]
"""Characters text[start:end]."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    marks: tuple[Mark, ...] = ()
    page: int | None = None
    bbox: Bbox | None = None
    place: str = ""
    lines: tuple[Line, ...] = ()
    sure: float = 1.0
    """The least of its lines'."""
    numbering: tuple[Span, ...] = ()
    """Numbers that the word processor counts by itself (1. 一、): shown, typed by nobody."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid; row and column count from 1, spans are at least 1.

    Lines and paragraphs of its text are separated by a newline.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    marks: tuple[Mark, ...] = ()
    page: int | None = None
    bbox: Bbox | None = None
    place: str = ""
    lines: tuple[Line, ...] = ()
    sure: float = 1.0
    """The least of its lines'; low for an empty text where the cell has ink nobody could read."""
    numbering: tuple[Span, ...] = ()
    """Numbers that the word processor counts by itself (1. 一、): shown, typed by nobody."""


@dataclass(frozen=True, slots=True)
class Table:
    """One grid, also where it runs over several pages. Cells in reading order, none doubled."""

    rows: int
    columns: int
    cells: tuple[Cell, ...]
    page: int | None = None
    bbox: Bbox | None = None
    place: str = ""
    nested: bool = False
    """It stands in a cell of the table before it, whose text holds its text too."""


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a file that the reviewer must know; `rule` is a file.* rule."""

    rule: str
    message: Bilingual
    severity: Severity = "warning"
    page: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader saw in one file, the same whatever kind of file it was."""

    file: str
    kind: str
    """docx, doc, pdf, image, xlsx, text or other."""
    blocks: tuple[Block, ...] = ()
    problems: tuple[Problem, ...] = ()
    pages: int | None = None
    ocr_pages: int = 0
    page_sizes: tuple[tuple[float, float], ...] = ()
    """Width and height of each page in points, after rotation."""
    sha256: str = ""

    @property
    def readable(self) -> bool:
        return bool(self.blocks)

    def marks(self) -> Iterator[Mark]:
        """Every mark in reading order; those of a nested table once."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield from block.marks
            elif not block.nested:
                for cell in block.cells:
                    yield from cell.marks


# ------------------------------------------------------------------ what the locator returns


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something stands, and what stands there to the letter."""

    file: str = ""
    page: int | None = None
    bbox: Bbox | None = None
    place: str = ""
    raw: str = ""
    how: str = "text"
    """text, ocr, person (a reviewer's correction)."""


NOWHERE = Evidence()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a unit, with the range of numbers that are written this way.

    61.1 亿元 is value 61.1, low 61.05, high 61.15; 456000万元 read as 亿元 is 45.6 with the
    range of its own digits (45.59995 to 45.60005).
    """

    value: Decimal
    low: Decimal
    high: Decimal
    unit: str
    approximate: bool = False
    """约, 近, 超过 and the like stood before it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A figure, a date or a short text of the form."""

    field: str
    period: str | None
    state: State
    value: Decimal | str | None
    """Decimal for number and integer fields, ISO 8601 for dates, str for texts."""
    raw: str
    confidence: float
    needs_look: bool
    evidence: Evidence
    unit: str | None = None
    quantity: Quantity | None = None
    why_look: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Option:
    text: str
    ticked: bool | None
    confidence: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class TickAnswer:
    field: str
    state: State
    """given where options were found, absent where the form has no such cell."""
    options: tuple[Option, ...]
    needs_look: bool
    evidence: Evidence
    why_look: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class NarrativeAnswer:
    field: str
    state: State
    text: str
    characters: int
    characters_no_spaces: int
    limit: int | None
    evidence: Evidence
    confidence: float = 0.99
    needs_look: bool = False
    why_look: Bilingual | None = None
    parts: tuple[str, ...] | None = None
    """The parts it names, of those its field asks for; None where nobody looked."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """A part of the blank form that is missing, added or reworded in the filled one."""

    kind: Literal["missing", "added", "reworded"]
    what: str
    """The printed words of the blank form (missing, reworded) or of the filled one (added)."""
    found: str = ""
    field: str | None = None
    evidence: Evidence = NOWHERE


# ------------------------------------------------------------------ what a whole package says


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure that a sentence states about the cluster."""

    field: str
    period: str | None
    quantity: Quantity
    """In the field's unit; low and high hold everything the wording can mean (近200家, 80至90)."""
    raw: str
    """The words that state it, to the letter."""
    within: str
    """The narrative's field, or the role of the paper it stands in."""
    evidence: Evidence
    sure: bool = True
    """Subject, year and unit stand in the words themselves; otherwise a person must judge."""


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One row of an attached list. Every row of the list is kept, also those not counted."""

    text: str
    number: str = ""
    """The patent or standard number, in its usual spelling; empty where there is none."""
    status: Literal["counted", "doubled", "malformed"] = "counted"
    """A malformed number counts all the same; a doubled row does not."""
    evidence: Evidence = NOWHERE
    why: Bilingual | None = None
    """What is wrong with a malformed number."""


@dataclass(frozen=True, slots=True)
class Listing:
    """An attached list (清单), or the part of it that one figure of the form counts."""

    field: str
    period: str | None
    title: str
    rows: tuple[ListedRow, ...]
    evidence: Evidence
    sure: bool = True
    """False where it is only likely that the list is this figure's."""
    fields: tuple[str, ...] = ()
    """`field@period` of the figures whose sum it counts, where it is more than one."""

    @property
    def count(self) -> int:
        return sum(row.status != "doubled" for row in self.rows)


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of the package: what it is, told from what it holds."""

    file: str
    kind: str
    role: str
    """As in the JSON's files[].role."""
    title: str = ""
    confidence: float = 1.0
    materials: tuple[str, ...] = ()
    """Ids of the programme's materials it answers."""
    read: bool = True
    unread_pages: tuple[int, ...] = ()
    """Pages of it that hold no text, or another than they show."""


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment that answers a claim: a ticked option, a list asked for, a stated figure;
    or a document of the programme's list of materials."""

    claim: str
    """`field`, `field@period`, `field: option text` or `material: id`."""
    evidence: Evidence
    """The attachment and the place in it."""
    strength: float
    """0 to 1; below 0.6 a person must judge whether it answers the claim at all."""
    why: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Naming:
    """What another place than the form's first calls the cluster, its county or its operator."""

    field: str
    """cluster_name, region_county, operator."""
    text: str
    within: str
    """table (the form itself), a narrative's field, or the role of the paper it stands in."""
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Application:
    """Everything one submission says, as far as it was found."""

    form: str
    answers: tuple[Answer, ...] = ()
    ticks: tuple[TickAnswer, ...] = ()
    narratives: tuple[NarrativeAnswer, ...] = ()
    alterations: tuple[Alteration, ...] = ()
    problems: tuple[tuple[str, Problem], ...] = ()
    """(file, problem) of every file of the submission."""
    versions: tuple[Application, ...] = ()
    """The same form as other files hold it (its PDF beside its Word file)."""
    summaries: tuple[Application, ...] = ()
    """This cluster's rows of recommendation summary tables."""
    mentions: tuple[Mention, ...] = ()
    listings: tuple[Listing, ...] = ()
    papers: tuple[Paper, ...] = ()
    """Every file of the submission; empty where nothing is known of files."""
    attached: tuple[Attached, ...] = ()
    namings: tuple[Naming, ...] = ()

    def answer(self, field: str, period: str | None = None) -> Answer | None:
        return next((a for a in self.answers if a.field == field and a.period == period), None)

    def tick(self, field: str) -> TickAnswer | None:
        return next((t for t in self.ticks if t.field == field), None)

    def narrative(self, field: str) -> NarrativeAnswer | None:
        return next((n for n in self.narratives if n.field == field), None)


# ------------------------------------------------------------------ what the rules say


@dataclass(frozen=True, slots=True)
class Citation:
    document: str
    article: str
    quote: str


@dataclass(frozen=True, slots=True)
class Check:
    """One rule at one place it looks at."""

    rule: str
    fields: tuple[str, ...]
    """`field` or `field@period`."""
    outcome: Outcome
    because: Bilingual | None = None
    """Why it is unchecked."""
    evidences: tuple[Evidence, ...] = ()
    stated: str = ""
    """The figures as stated, for people (38.20 亿元)."""
    computed: str = ""
    """What the tool worked out, for people, with its formula's result (12.35%)."""
    required: str = ""
    """≥ 40 亿元."""
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    rule: str
    severity: Severity
    fields: tuple[str, ...]
    message: Bilingual
    expected: str = ""
    actual: str = ""
    citation: Citation | None = None
    evidences: tuple[Evidence, ...] = ()
    formula: str = ""
    """The relation with its operands, for people: 1286 ÷ 15560 × 10000 = 826.48."""
    suggestion: str = ""
    suggestion_field: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a check run."""

    programme: str
    on: str
    """The ISO date the check was made for."""
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
