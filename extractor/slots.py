"""Document → slots: every place where an applicant may have written something, with its headings.

A slot is a cell, a part of a cell (数量：5个 名称：…) or a paragraph that is not a printed
label itself. Its headings are the label cells left of it and above it, whatever rows and
columns the document has; nothing here knows one form's geometry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from extractor.inline import labels_inside
from extractor.labels import Heading, Vocabulary
from extractor.seams import sew
from models.types import BOXES, Bbox, Cell, Document, Evidence, Line, Mark, Paragraph, Table


@dataclass(frozen=True, slots=True)
class Head:
    heading: Heading
    gap: int
    """Value cells between the slot and this label."""
    direction: str
    """inline, left or above."""
    order: int
    """Where the label stands in reading order."""
    covers: bool = True
    """It spans all rows (left) or columns (above) of the slot."""
    guessed: bool = False
    """It stands nowhere near: the form's own columns, in their order."""


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
    lines: tuple[Line, ...] = ()


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


class _Layer:
    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self.document = document
        self.vocabulary = vocabulary
        self.laid = Laid()
        self.order = 0
        self.section: str | None = None
        self.ranks = {title: n for n, title in enumerate(vocabulary.form.sections)}
        self.recent: list[tuple[int, Heading]] = []
        self.columns: list[Heading] = []
        """The year (or target) headings read last, from left to right, for tables that go on
        without repeating them."""
        self.open: Head | None = None
        """A label paragraph whose value may be the paragraphs that follow."""

    def run(self) -> Laid:
        blocks = self.document.blocks
        for number, block in enumerate(blocks):
            if isinstance(block, Paragraph):
                self._paragraph(block)
            elif not block.nested:
                self._table(block, number, _leading_nested(blocks[number + 1 :]))
        return self.laid

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

    # ------------------------------------------------------------------ paragraphs

    def _paragraph(self, block: Paragraph) -> None:
        text = block.text
        if not text.strip():
            return
        self.order += 1
        evidence = self._evidence(block)
        section = self._enter(self.vocabulary.section(text))
        heading = self.vocabulary.read(text)
        self._stretch(text, evidence, block, -1)
        if heading is not None and (heading.labels or section is not None):
            self._label(heading, evidence)
            self.open = Head(heading, 0, "above", self.order) if heading.names_field else None
            return
        prose = self.section in self.vocabulary.narrated_sections or (
            self.open is not None and self._asks_for_prose(self.open)
        )
        slots = (
            [] if prose else list(self._inline(text, block.marks, evidence, (), -1, 0, block.lines))
        )
        if slots:
            self.laid.slots.extend(slots)
            last = slots[-1]
            tail = last.heads[0] if last.heads and not _written(last.text) else None
            self.open = tail and replace(tail, direction="above")
        elif self.open is not None:
            self._slot(text, block.marks, evidence, (self.open,), -1, 0, block.lines)

    def _asks_for_prose(self, head: Head) -> bool:
        return any(key in self.vocabulary.narrated for key, _ in head.heading.labels)

    # ------------------------------------------------------------------ tables

    def _table(self, table: Table, number: int, nested: tuple[Table, ...]) -> None:
        """Lays out a table; those nested in it where they stand, after the cell's own text."""
        self.open = None
        table = sew(table, self.vocabulary)
        grid: dict[tuple[int, int], Cell] = {}
        for cell in table.cells:
            for r in range(cell.row, cell.row + cell.row_span):
                for c in range(cell.column, cell.column + cell.column_span):
                    grid.setdefault((r, c), cell)
        texts, holds = _without_nested(table.cells, nested)
        heads = {id(c): self._cell_heading(c, table, texts[id(c)]) for c in table.cells}
        self._demote_lone_years(table, heads)
        orders: dict[int, int] = {}
        for cell in table.cells:
            self.order += 1
            orders[id(cell)] = self.order
            self.order += sum(len(nested[n].cells) for n in holds.get(id(cell), ()))
        last = self.order
        rows = _rows_of(table.cells)
        self.laid.own_rows[number] = rows
        goes_on = _labels_gone_on(table.cells, grid, heads)
        shown = heads | {n: heads[id(label)] for n, label in goes_on.items()}
        places = orders | {n: orders[id(label)] for n, label in goes_on.items()}
        for cell in table.cells:
            text, heading = texts[id(cell)], heads[id(cell)]
            evidence = self._evidence(cell)
            self.order = orders[id(cell)]
            if cell.column == 1 and (heading is None or heading.labels or heading.generic):
                self._enter(self.vocabulary.section(text))
            self._stretch(text, evidence, cell, number)
            if heading is not None:
                self._label(heading, evidence)
                self._remember_columns(cell, rows[cell.row], heads)
                continue
            around = (
                *self._left(cell, grid, shown, places),
                *self._above(cell, table, grid, heads, orders),
            )
            if not any(h.heading.year or h.heading.column for h in around):
                around += self._inherited(cell, rows[cell.row], heads)
            inline = (
                []
                if any(h.gap == 0 and self._asks_for_prose(h) for h in around)
                else list(
                    self._inline(text, cell.marks, evidence, around, number, cell.row, cell.lines)
                )
            )
            if inline:
                self.laid.slots.extend(inline)
            else:
                self._slot(text, cell.marks, evidence, around, number, cell.row, cell.lines)
            for n in holds.get(id(cell), ()):
                self._table(nested[n], number + 1 + n, ())
        self.order = last

    def _cell_heading(self, cell: Cell, table: Table, text: str) -> Heading | None:
        if not text.strip() or cell.marks:
            return None
        heading = self.vocabulary.read(text)
        if heading is None:
            bare = self.vocabulary.without_notes(text)
            heading = self.vocabulary.read(bare) if bare != text else None
        if heading is None and self.vocabulary.section(text) is not None:
            heading = Heading(text, generic=True)
        return heading

    @staticmethod
    def _demote_lone_years(table: Table, heads: dict[int, Heading | None]) -> None:
        """A bare 2021 without 年 is a year only in line with 2020 or 2022."""
        lone: list[Cell] = []
        for cell in table.cells:
            heading = heads[id(cell)]
            if heading is None or not heading.year or heading.labels or "年" in cell.text:
                continue
            line = [c for c in table.cells if c.row == cell.row or c.column == cell.column]
            years = {h.year for c in line if (h := heads[id(c)]) is not None and not h.labels}
            if not {str(int(heading.year) + d) for d in (-1, 1)} & years:
                lone.append(cell)
        for cell in lone:
            heads[id(cell)] = None

    def _remember_columns(
        self, cell: Cell, row: list[Cell], heads: dict[int, Heading | None]
    ) -> None:
        """At the first of a row of year headings, keeps them all."""
        named = [(c, h) for c in row if (h := heads[id(c)]) and (h.year or h.column)]
        if len(named) > 1 and named[0][0] is cell and not any(h.labels for _, h in named):
            self.columns = [h for _, h in named]

    def _inherited(
        self, cell: Cell, row: list[Cell], heads: dict[int, Heading | None]
    ) -> tuple[Head, ...]:
        """The year of a row that stands under no year heading: its cells behind the label are
        as many as the years read last, and in their order."""
        values: list[Cell] = []
        for other in reversed(row):
            if heads[id(other)] is not None:
                break
            if other.text.strip() or other.row_span <= cell.row_span:  # else a page's margin
                values.insert(0, other)
        columns = self.columns
        if not columns and self.section in self.vocabulary.narrated_sections:
            targets = next((f.columns for f in self.vocabulary.form.fields if f.columns), ())
            columns = [Heading("", column=c, generic=True) for c in targets]
        if len(values) != len(columns) or len(values) == len(row) or cell not in values:
            return ()
        guessed = columns is not self.columns
        return (Head(columns[values.index(cell)], 50, "above", 0, guessed=guessed),)

    def _left(
        self,
        cell: Cell,
        grid: dict[tuple[int, int], Cell],
        heads: dict[int, Heading | None],
        orders: dict[int, int],
    ) -> Iterator[Head]:
        def walk() -> Iterator[Cell]:
            column = cell.column - 1
            while column >= 1:
                other = grid.get((cell.row, column))
                if other is None:
                    column -= 1
                    continue
                yield other
                column = other.column - 1

        def covers(other: Cell) -> bool:
            return other.row <= cell.row and _bottom(other) >= _bottom(cell)

        yield from _run(walk(), heads, orders, "left", covers)

    def _above(
        self,
        cell: Cell,
        table: Table,
        grid: dict[tuple[int, int], Cell],
        heads: dict[int, Heading | None],
        orders: dict[int, int],
    ) -> Iterator[Head]:
        full = cell.column_span >= table.columns

        def walk() -> Iterator[Cell]:
            row = cell.row - 1
            while row >= 1:
                other = grid.get((row, cell.column))
                if other is None:
                    row -= 1
                    continue
                yield other
                if other.column_span >= table.columns and not full:
                    return  # a section's heading or a narrative: columns start anew below it
                row = other.row - 1

        def covers(other: Cell) -> bool:
            return other.column <= cell.column and _right(other) >= _right(cell)

        yield from _run(walk(), heads, orders, "above", covers)

    # ------------------------------------------------------------------ labels inside a text

    def _inline(
        self,
        text: str,
        marks: tuple[Mark, ...],
        evidence: Evidence,
        around: tuple[Head, ...],
        table: int,
        row: int,
        lines: tuple[Line, ...],
    ) -> Iterator[Slot]:
        """Slots for the labels that stand inside a text, each followed by its value."""
        found = labels_inside(text, self.vocabulary)
        if not found:
            return
        for number, (start, end, heading) in enumerate(found):
            stop = found[number + 1][0] if number + 1 < len(found) else len(text)
            head = Head(heading, 0, "inline", self.order)
            part = text[end:stop]
            if stop < len(text):
                part = _TAIL.sub("", part)
            yield self._make(
                part.lstrip(" \t　:：\n"),
                _marks_between(text, marks, end, stop),
                _within(evidence, lines, start, stop),
                (head, *around),
                table,
                row,
                lines=_shift(lines, end + len(part) - len(part.lstrip(" \t　:：\n")), stop),
            )
            self._label(heading, evidence)

    # ------------------------------------------------------------------ making

    def _slot(
        self,
        text: str,
        marks: tuple[Mark, ...],
        evidence: Evidence,
        heads: tuple[Head, ...],
        table: int,
        row: int,
        lines: tuple[Line, ...],
    ) -> None:
        self.laid.slots.append(self._make(text, marks, evidence, heads, table, row, lines))

    def _make(
        self,
        text: str,
        marks: tuple[Mark, ...],
        evidence: Evidence,
        heads: tuple[Head, ...],
        table: int,
        row: int,
        lines: tuple[Line, ...] = (),
    ) -> Slot:
        clean = self.vocabulary.without_notes(text)
        return Slot(
            text=clean,
            marks=marks,
            evidence=replace(evidence, raw=clean.strip()),
            order=self.order,
            heads=heads,
            section=self.section,
            before=tuple(self.recent[-8:][::-1]),
            table=table,
            row=row,
            lines=lines if clean == text else (),
        )

    def _label(self, heading: Heading, evidence: Evidence) -> None:
        self.laid.labels.append((self.order, heading, evidence, self.section))
        if heading.labels:
            self.recent.append((self.order, heading))

    def _stretch(self, text: str, evidence: Evidence, part: Paragraph | Cell, table: int) -> None:
        self.laid.stretches.append((self.order, self.section, text, evidence, part, table))

    def _evidence(self, part: Paragraph | Cell) -> Evidence:
        return Evidence(self.document.file, part.page, part.bbox, part.place, part.text)


def _run(
    cells: Iterable[Cell],
    heads: dict[int, Heading | None],
    orders: dict[int, int],
    direction: str,
    covers: Callable[[Cell], bool],
) -> Iterator[Head]:
    """The labels met on the way. Above, those behind the first unbroken run count only where
    they name a year: a column's label does not reach past other rows' labels, its year does."""
    gap = 0
    met = False
    behind = False
    for other in cells:
        heading = heads[id(other)]
        if heading is None:
            behind = met and direction == "above"
            gap += 1
            continue
        met = True
        if not behind or heading.year or heading.column:
            yield Head(heading, gap, direction, orders[id(other)], covers(other))


_TAIL = re.compile(r"[\s，,；;、。]+(?:其中\s*[:：]?\s*)?$")


def _right(cell: Cell) -> int:
    return cell.column + cell.column_span - 1


def _bottom(cell: Cell) -> int:
    return cell.row + cell.row_span - 1


def _written(text: str) -> bool:
    return bool(re.sub(r"[\s_＿:：]", "", text))


def _labels_gone_on(
    cells: Iterable[Cell], grid: dict[tuple[int, int], Cell], heads: dict[int, Heading | None]
) -> dict[int, Cell]:
    """Blank cells below a page break that stand under a label, each with that label's cell: the
    row they begin belongs to the one that the break cut."""
    found: dict[int, Cell] = {}
    for cell in cells:
        above = grid.get((cell.row - 1, cell.column))
        if cell.text.strip() or above is None or above.column != cell.column:
            continue
        label = found.get(id(above), above)
        heading = heads[id(label)]
        if heading is None or not heading.names_field or _right(above) != _right(cell):
            continue
        if above.page != cell.page or id(above) in found:
            found[id(cell)] = label
    return found


def _rows_of(cells: Iterable[Cell]) -> dict[int, list[Cell]]:
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    for row in rows.values():
        row.sort(key=lambda c: c.column)
    return rows


def _leading_nested(blocks: tuple[object, ...]) -> tuple[Table, ...]:
    nested: list[Table] = []
    for block in blocks:
        if not (isinstance(block, Table) and block.nested):
            break
        nested.append(block)
    return tuple(nested)


def _without_nested(
    cells: Iterable[Cell], nested: tuple[Table, ...]
) -> tuple[dict[int, str], dict[int, list[int]]]:
    """Each cell's text less that of the tables nested in it, and which tables those are."""
    texts = {id(c): c.text for c in cells}
    holds: dict[int, list[int]] = {}
    for number, table in enumerate(nested):
        parts = [c.text for c in table.cells if c.text.strip()]
        for cell in cells:
            rest = _less(texts[id(cell)], parts)
            if rest is not None:
                texts[id(cell)] = rest
                holds.setdefault(id(cell), []).append(number)
                break
    return texts, holds


def _less(text: str, parts: list[str]) -> str | None:
    """The text without the parts, which stand in it in this order; None where they do not."""
    start = text.find(parts[0]) if parts else -1
    while start >= 0:
        at = start
        for part in parts:
            hit = text.find(part, at)
            if hit < 0 or text[at:hit].strip():
                break
            at = hit + len(part)
        else:
            return text[:start].rstrip() + "\n" + text[at:].lstrip()
        start = text.find(parts[0], start + 1)
    return None


def _marks_between(text: str, marks: tuple[Mark, ...], start: int, end: int) -> tuple[Mark, ...]:
    boxes = [i for i, c in enumerate(text) if c in BOXES]
    return tuple(m for i, m in zip(boxes, marks, strict=False) if start <= i < end)


def _within(evidence: Evidence, lines: tuple[Line, ...], start: int, end: int) -> Evidence:
    """The evidence narrowed to the visual lines that hold text[start:end]."""
    hit = [line for line in lines if line.start < end and start < line.end]
    boxes = [line.bbox for line in hit if line.page == hit[0].page]
    if not boxes:
        return evidence
    x0, top, x1, bottom = zip(*boxes, strict=True)
    box: Bbox = (min(x0), min(top), max(x1), max(bottom))
    return replace(evidence, page=hit[0].page, bbox=box)


def _shift(lines: tuple[Line, ...], start: int, end: int) -> tuple[Line, ...]:
    return tuple(
        replace(line, start=max(line.start - start, 0), end=min(line.end, end) - start)
        for line in lines
        if line.start < end and start < line.end
    )
