"""Document → slots: every place where an applicant may have written something, with its headings.

A slot is a cell, a part of a cell (数量：5个 名称：…) or a paragraph that is not a printed
label itself. Its headings are the label cells left of it and above it, whatever rows and
columns the document has; nothing here knows one form's geometry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from extractor.locating.headings import Head, TableHeadings
from extractor.locating.inline import label_at_start, labels_inside, marks_between, shift, within
from extractor.locating.labels import CLEAR, Heading, Vocabulary
from extractor.locating.nesting import (
    Numbered,
    by_depth,
    leading_nested,
    own_marks,
    typed,
    without_nested,
)
from extractor.locating.seams import DOUBT, sew, sewn_blocks, tabbed_from, under_years
from extractor.locating.stacks import unstacked
from models.types import BOXES, Cell, Document, Evidence, Line, Mark, Paragraph, Table

SHORT_LINE = 24
"""The first half of a label that was broken in two is not longer."""


@dataclass(frozen=True, slots=True)
class Slot:
    text: str
    marks: tuple[Mark, ...]
    evidence: Evidence
    order: int
    heads: tuple[Head, ...] = ()
    section: str | None = None
    """Title of the section it stands in, "" behind the last one, None where not known."""
    before: tuple[tuple[int, Heading], ...] = ()
    """The labels read last before it, nearest first."""
    table: int = -1
    row: int = 0
    column: int = 0
    lines: tuple[Line, ...] = ()
    sure: float = 1.0
    """How sure it is that these characters stand there; below 1 only where they were recognised
    in a picture."""


@dataclass(slots=True)
class Laid:
    """A document laid out for the locator, in reading order."""

    slots: list[Slot] = field(default_factory=list)
    labels: list[tuple[int, Heading, Evidence, str | None]] = field(default_factory=list)
    """Order, heading, place and section of every label cell and label paragraph."""
    own_rows: dict[int, dict[int, list[Cell]]] = field(default_factory=dict)
    """Table → row → its cells, of every table with the text as it is laid out."""
    stretches: list[tuple[int, str | None, str, Evidence, Paragraph | Cell, int]] = field(
        default_factory=list
    )
    """Order, section, text, place, paragraph or cell, and table (-1 none) of all text."""


def lay_out(document: Document, vocabulary: Vocabulary) -> Laid:
    return _Layer(document, vocabulary).run()


@dataclass(frozen=True, slots=True)
class _Part:
    """A paragraph's or a cell's text, and where it stands."""

    text: str
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    evidence: Evidence
    table: int = -1
    row: int = 0
    sure: float = 1.0
    column: int = 0


class _Layer:
    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self.document = document
        self.vocabulary = vocabulary
        self.laid = Laid()
        self.order = 0
        self.section: str | None = None
        self.ranks = {title: n for n, title in enumerate(vocabulary.form.sections)}
        self.recent: list[tuple[int, Heading]] = []
        self.years: list[Heading] = []
        self.columns: list[Heading] = []
        """The year (or target) headings read last, from left to right, for tables that go on
        without repeating them."""
        self.ragged = False
        """Figures stand under none of the years above them, row after row."""
        self.loose = ""
        """A short line that is no clear label, but may be the first half of one."""
        self.open: Head | None = None
        """A label paragraph whose value may be the paragraphs that follow."""
        self.boxed: tuple[Head, ...] = ()
        """What the last cell of the table before asks, where boxes below it may go on its list."""

    def run(self) -> Laid:
        blocks = tuple(sewn_blocks(self.document.blocks, self.vocabulary))
        self.years = self._years_shown()
        laid = 0
        for number, block in enumerate(blocks):
            if number < laid:
                continue
            if isinstance(block, Paragraph):
                rows, table = tabbed_from(blocks, number, self.vocabulary)
                if table is not None:
                    laid = number + rows
                    self._table(table, number, ())
                else:
                    self._paragraph(block)
            elif not block.nested and block.cells:
                nested = leading_nested(blocks[number + 1 :])
                self._table(block, number, tuple(enumerate(nested, number + 1)))
        if self.ragged:  # set with tabs: columns mean little anywhere
            self.laid.slots = [
                replace(s, sure=min(s.sure, DOUBT)) if s.table >= 0 else s for s in self.laid.slots
            ]
        return self.laid

    def _years_shown(self) -> list[Heading]:
        """The years of the document's rows of year headings, where all of them agree."""
        found: dict[tuple[str, ...], list[Heading]] = {}
        for table in self.document.blocks:
            if isinstance(table, Paragraph):
                continue
            rows: dict[int, list[Heading]] = {}
            for cell in sorted(table.cells, key=lambda c: (c.row, c.column)):
                heading = self.vocabulary.read(cell.text) if len(cell.text) < SHORT_LINE else None
                if heading is not None and heading.year and not heading.labels:
                    rows.setdefault(cell.row, []).append(heading)
            for row in rows.values():
                if len(row) == len(self.vocabulary.form.years) > 1:
                    found[tuple(h.year or "" for h in row)] = row
        return next(iter(found.values())) if len(found) == 1 else []

    def _enter(self, section: str | None) -> str | None:
        """Moves on to a section. A plan's own headings may repeat the titles of earlier ones."""
        if section is None:
            return None
        if section and self.section is not None:
            here = self.ranks.get(self.section, len(self.ranks))
            if self.ranks[section] < here:
                return None
        if section != self.section and section in self.vocabulary.narrated_sections:
            self.columns = []
        self.section = section
        return section

    def _reopen(self, heading: Heading | None) -> None:
        """A long narrative may stand behind the seals: its label opens its section again."""
        if heading is None or self.section != "":
            return
        long = self.vocabulary.long_narratives
        key = next((k for k, score in heading.labels if k in long and score >= 95), None)
        if key is not None:
            self.section = long[key]

    # ------------------------------------------------------------------ paragraphs

    def _paragraph(self, block: Paragraph) -> None:
        text = typed(block)
        if not text.strip():
            return
        self.order += 1
        evidence = self._evidence(block)
        section = self._enter(self.vocabulary.section(text))
        heading = self.vocabulary.read(text)
        self._reopen(heading)
        self._stretch(text, evidence, block, -1)
        if self.boxed and block.marks and text.lstrip()[:1] in BOXES:
            part = _Part(text, block.marks, block.lines, evidence, sure=block.sure)
            self.laid.slots.append(self._slot(part, self.boxed))
            return
        if section is not None or (heading is not None and heading.labels) or "。" in text:
            self.boxed = ()
        if heading is not None and (heading.labels or section is not None):
            self._label(heading, evidence)
            self.open = Head(heading, 0, "above", self.order) if heading.names_field else None
            clear = heading.generic or heading.labels[0][1] >= CLEAR if heading.labels else True
            self.loose = "" if clear else text
            return
        prose = self.section in self.vocabulary.narrated_sections or (
            self.open is not None and self._asks_for_prose(self.open)
        )
        part = _Part(text, block.marks, block.lines, evidence, sure=block.sure)
        slots = [] if prose else list(self._inline(part, ()))
        if not slots and not prose and self.loose and not block.marks:
            # 县级行政区划中小企业 / 主管部门（盖章）：… : a label that goes on in the next line
            slots = list(self._inline(replace(part, text=f"{self.loose}\n{text}", lines=()), ()))
        self.loose = text if not slots and len(text) <= SHORT_LINE else ""
        if slots:
            self.laid.slots.extend(slots)
            last = slots[-1]
            tail = last.heads[0] if last.heads and not _written(last.text) else None
            self.open = tail and replace(tail, direction="above")
        elif self.open is not None:
            self.laid.slots.append(self._slot(part, (self.open,)))

    def _asks_itself(self, text: str) -> bool:
        """Whether a text begins with a narrative's label, to the letter."""
        opening = label_at_start(text, self.vocabulary)
        labels = opening[2].labels if opening else ()
        return any(key in self.vocabulary.narrated and score >= 100 for key, score in labels)

    def _asks_for_prose(self, head: Head) -> bool:
        return any(key in self.vocabulary.narrated for key, _ in head.heading.labels)

    # ------------------------------------------------------------------ tables

    def _table(
        self, table: Table, number: int, inside: tuple[Numbered, ...],
        outer: tuple[Head, ...] = (),
    ) -> None:  # fmt: skip
        """Lays out a table; those nested in it (and in one another) where they stand, after the
        cell's own text. `outer` is what stands round the cell it is nested in."""
        asked, self.open, self.boxed = self.open, None, ()
        boxes = not inside and any(cell.marks for cell in table.cells)
        if asked is not None and boxes and self._options_apart((number, table), (asked,)):
            return
        sewn = unstacked(sew(table, self.vocabulary), self.vocabulary)
        table = under_years(sewn, self.vocabulary) if table.page is not None else sewn
        self.ragged = self.ragged or table is not sewn
        nested, deeper = by_depth(inside)
        texts, holds, left_over = without_nested(table.cells, [t for _, t in nested])
        orders: dict[int, int] = {}
        for cell in table.cells:
            self.order += 1
            orders[id(cell)] = self.order
            held = (t for n in holds.get(id(cell), ()) for t in (nested[n], *deeper[n]))
            self.order += sum(len(t.cells) for _, t in held)
        last = self.order
        headings = TableHeadings(table, texts, self.vocabulary, orders)
        self.laid.own_rows[number] = headings.rows
        for cell in table.cells:
            text, heading = texts[id(cell)], headings.of(cell)
            self.order = orders[id(cell)]
            within = [nested[n][1] for n in holds.get(id(cell), ())]
            marks = own_marks(text, cell.marks, within)
            part = _Part(
                text, marks, cell.lines, self._evidence(cell), number, cell.row, cell.sure,
                cell.column,
            )  # fmt: skip
            if cell.column == 1 and (heading is None or heading.labels or heading.generic):
                self._enter(self.vocabulary.section(text))
            self._reopen(heading)
            self._stretch(text, part.evidence, cell, number)
            if heading is not None:
                self._label(heading, part.evidence)
                self.columns = headings.years_of(cell) or self.columns
                asks = heading.names_field and cell.page is not None
                self.boxed = (Head(heading, 0, "above", self.order),) if asks else ()
                continue
            around = (*headings.around(cell), *outer)
            turn = headings.turn_in_row(cell)
            if not any(h.heading.year or h.heading.column for h in around):
                around += self._inherited(*headings.place_in_row(cell)) or self._inherited(*turn)
            elif turn[1] > 1 and (said := self._inherited(*turn)):
                # 国际 said once a year: which of them is surer than whose column it stands in
                around = (*(h for h in around if not h.heading.year), *said)
            several = self._several_years(part, around, headings.years_over(cell))
            if several:
                self.laid.slots.extend(several)
                continue
            # tick boxes are no prose, also below a narrative's label
            prose = not part.marks and any(h.gap == 0 and self._asks_for_prose(h) for h in around)
            prose = prose and not self._asks_itself(part.text)
            inline = [] if prose else list(self._inline(part, around))
            slots = inline or [self._slot(part, around)]
            self.laid.slots.extend(slots)
            if text.strip():
                goes_on = cell.page is not None and bool(part.marks)
                self.boxed = slots[-1].heads if goes_on else ()
            for n in holds.get(id(cell), ()):
                if not self._options_apart(nested[n], slots[-1].heads):
                    # a small table below each year: 主持 and 参与 of 国际 … 团体
                    yearly = any(h.heading.year for h in around)
                    self._table(nested[n][1], nested[n][0], deeper[n], around if yearly else ())
        self.order = last
        for n in left_over:
            self._table(nested[n][1], nested[n][0], deeper[n])

    def _options_apart(self, inner: Numbered, around: tuple[Head, ...]) -> bool:
        """Lays out a table that only sets the options of the question round or above it apart,
        each cell as a part of the answer; whether it is one."""
        number, table = inner
        if not any(h.gap == 0 and self._asks_for_ticks(h) for h in around):
            return False
        texts = {id(c): typed(c) for c in table.cells}
        headings = TableHeadings(table, texts, self.vocabulary, dict.fromkeys(texts, self.order))
        if any(h is not None and h.names_field for c in table.cells if (h := headings.of(c))):
            return False
        for cell in table.cells:
            self.order += 1
            part = _Part(
                texts[id(cell)], cell.marks, cell.lines, self._evidence(cell), number, cell.row,
                cell.sure, cell.column,
            )  # fmt: skip
            self._stretch(part.text, part.evidence, cell, number)
            self.laid.slots.append(self._slot(part, around))
        return True

    def _asks_for_ticks(self, head: Head) -> bool:
        return any(key in self.vocabulary.ticked for key, _ in head.heading.labels)

    def _several_years(
        self, part: _Part, around: tuple[Head, ...], years: list[Head]
    ) -> list[Slot]:
        """A cell merged over several years that holds as many figures (22、24、27)."""
        figures = [f for f in _BETWEEN.split(part.text.strip()) if f]
        if len(years) < 2 or len(figures) != len(years) or part.marks:
            return []
        if not all(_FIGURE.fullmatch(f) for f in figures):
            return []
        return [
            self._slot(replace(part, text=figure, lines=()), (*around, year))
            for figure, year in zip(figures, years, strict=True)
        ]

    def _inherited(self, place: int, places: int) -> tuple[Head, ...]:
        """The year of a row that stands under no year heading: its cells behind the label are
        as many as the years read last, and in their order."""
        columns = self.columns
        form = self.vocabulary.form
        if not columns and self.section in self.vocabulary.narrated_sections:
            targets = next((f.columns for f in form.fields if f.columns), ())
            columns = [Heading("", column=c, generic=True) for c in targets]
        elif not columns:
            columns = self.years or [Heading("", year=y, generic=True) for y in form.years]
        if place < 0 or places != len(columns):
            return ()
        guessed = columns is not self.columns and columns is not self.years
        return (Head(columns[place], 50, "above", 0, guessed=guessed),)

    # ------------------------------------------------------------------ labels inside a text

    def _inline(self, part: _Part, around: tuple[Head, ...]) -> Iterator[Slot]:
        """Slots for the labels that stand inside a text, each followed by its value."""
        text = part.text
        found = labels_inside(text, self.vocabulary)
        for number, (start, end, heading) in enumerate(found):
            stop = found[number + 1][0] if number + 1 < len(found) else len(text)
            value = text[end:stop]
            if stop < len(text):
                told = any(key in self.vocabulary.narrated for key, _ in heading.labels)
                value = value.rstrip() if told else _TAIL.sub("", value)
            own = value.lstrip(" \t　:：\n")
            inside = replace(
                part,
                text=own,
                marks=marks_between(text, part.marks, end, stop),
                lines=shift(part.lines, end + len(value) - len(own), stop),
                evidence=within(part.evidence, part.lines, start, stop),
            )
            yield self._slot(inside, (Head(heading, 0, "inline", self.order), *around))
            self._label(heading, part.evidence)

    # ------------------------------------------------------------------ making

    def _slot(self, part: _Part, heads: tuple[Head, ...]) -> Slot:
        clean = self.vocabulary.without_notes(part.text)
        return Slot(
            text=clean,
            marks=part.marks,
            evidence=replace(part.evidence, raw=clean.strip()),
            order=self.order,
            heads=heads,
            section=self.section,
            before=tuple(self.recent[-8:][::-1]),
            table=part.table,
            row=part.row,
            column=part.column,
            lines=part.lines if clean == part.text else (),
            sure=min([part.sure, *(line.sure for line in part.lines)]),
        )

    def _label(self, heading: Heading, evidence: Evidence) -> None:
        self.laid.labels.append((self.order, heading, evidence, self.section))
        if heading.labels:
            self.recent.append((self.order, heading))

    def _stretch(self, text: str, evidence: Evidence, part: Paragraph | Cell, table: int) -> None:
        self.laid.stretches.append((self.order, self.section, text, evidence, part, table))

    def _evidence(self, part: Paragraph | Cell) -> Evidence:
        unsure = part.sure < 1 or any(line.sure < 1 for line in part.lines)
        looked = self.document.ocr_pages or self.document.kind == "image"
        how = "ocr" if unsure and looked else "text"
        return Evidence(self.document.file, part.page, part.bbox, part.place, part.text, how)


_BETWEEN = re.compile(r"[、；;/／|｜\n]+|\s{2,}")
_FIGURE = re.compile(r"\s*[-－−+]?[\d０-９][\d０-９.．,，]*\s*[%％\w]{0,4}\s*")
_TAIL = re.compile(r"[\s，,；;、。]+(?:其中\s*[:：]?\s*)?$")


def _written(text: str) -> bool:
    return bool(re.sub(r"[\s_＿:：]", "", text))
