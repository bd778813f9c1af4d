"""The indicators of a report that stand in tables, whatever way round these are.

Pairs of label and value side by side, one label over its column, years beside one another: the
labels tell the indicator, the headings round a value tell its day and its unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.evaluation.days import Day, day_of
from extractor.locating.labels import CLEAR, Vocabulary, vocabulary
from models.form import Field, Form
from models.types import Block, Cell, Document, Evidence, Paragraph, Table
from models.values import Reading, read_in_unit, read_number
from models.writing.folding import normalise
from models.writing.units import asked as known_unit

_OTHER_COLUMN = re.compile(
    r"同比|增速|增长|增幅|增减|较上年|环比|备注|说明|佐证|证明|材料|来源|页码|序号|占比|排名|目标|预计|计划|负责"
)
_UNIT_COLUMN = re.compile(r"(?:计量)?单位")
_CAPTION_UNIT = re.compile(r"单位[:：]\s*([^\s)）,，;；、]{1,8})")
NEAR = 2
"""A table's caption is one of the paragraphs this near above it."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure of an indicator somewhere in the report."""

    field: str
    day: Day
    reading: Reading
    raw: str
    evidence: Evidence
    sure: bool = True
    """The label is clear and stands where labels of figures stand."""


def stated_in_tables(document: Document, form: Form) -> list[Stated]:
    """Every figure beside or below an indicator's label in a table of the document."""
    words = vocabulary(form.id)
    found: list[Stated] = []
    for n, block in enumerate(document.blocks):
        if isinstance(block, Table):
            found += _Reader(document, block, _caption(document.blocks[:n]), form, words).run()
    return found


def _caption(before: Sequence[Block]) -> str:
    near = [b.text for b in before[-NEAR:] if isinstance(b, Paragraph)]
    return " ".join(t for t in near if len(t) <= 60)


class _Reader:
    def __init__(
        self, document: Document, table: Table, caption: str, form: Form, words: Vocabulary
    ) -> None:
        self.document = document
        self.form = form
        self.caption = caption
        self.figures = {f.id: f for f in form.fields if f.type in ("number", "integer")}
        self.words = words
        self.table = table
        self.grid: dict[tuple[int, int], Cell] = {}
        for cell in table.cells:
            for r in range(cell.row, cell.row + cell.row_span):
                for c in range(cell.column, cell.column + cell.column_span):
                    self.grid.setdefault((r, c), cell)

        self.figured = {c.row for c in table.cells if self._is_label(c) and self._led(c)}
        """Rows that are an indicator's."""

    def _led(self, label: Cell) -> bool:
        """Whether a figure stands beside the label, not below it."""
        right = self.grid.get((label.row, label.column + label.column_span))
        return right is not None and not self._is_label(right)

    def run(self) -> Iterator[Stated]:
        for cell in self.table.cells:
            field, score = self._field(cell)
            if field is None:
                continue
            values = list(self._beside(cell)) or list(self._below(cell))
            for value, heads in values:
                stated = self._stated(field, score, cell, value, heads)
                if stated is not None:
                    yield stated

    def _field(self, cell: Cell) -> tuple[Field | None, float]:
        """The indicator a cell is the label of, and how clearly."""
        heading = self.words.read(cell.text)
        if heading is None or not heading.names_field or len(cell.text) > 40:
            return None, 0.0
        key, score = heading.labels[0]
        ids = [id for id in self.words.last.get(key, ()) if id in self.figures]
        return (self.figures[ids[0]], score) if len(ids) == 1 and score >= 85 else (None, 0.0)

    def _is_label(self, cell: Cell) -> bool:
        return self._field(cell)[0] is not None

    def _beside(self, label: Cell) -> Iterator[tuple[Cell, list[Cell]]]:
        """Value cells right of the label up to the next label, each with the cells above it."""
        seen = {id(label)}
        for column in range(label.column + label.column_span, self.table.columns + 1):
            cell = self.grid.get((label.row, column))
            if cell is None or id(cell) in seen:
                continue
            seen.add(id(cell))
            if self._is_label(cell):
                return
            if _has_figure(cell):
                yield cell, self._over(cell)

    def _below(self, label: Cell) -> Iterator[tuple[Cell, list[Cell]]]:
        """Value cells under the label up to the next label, each with the first of its row."""
        seen = {id(label)}
        for row in range(label.row + label.row_span, self.table.rows + 1):
            cell = self.grid.get((row, label.column))
            if cell is None or id(cell) in seen:
                continue
            seen.add(id(cell))
            if self._is_label(cell):
                return
            if _has_figure(cell):
                first = self.grid.get((row, 1))
                yield cell, [first] if first is not None and first is not cell else []

    def _over(self, value: Cell) -> list[Cell]:
        """The heading cells above a value, nearest first: no figures, nor in rows of figures."""
        heads: list[Cell] = []
        for row in range(value.row - 1, 0, -1):
            cell = self.grid.get((row, value.column))
            if cell is None or cell in heads or row in self.figured:
                continue
            if day_of(cell.text, self._asked) or not _has_figure(cell):
                heads.append(cell)
        return heads

    @property
    def _asked(self) -> str:
        return self.form.as_of or ""

    def _stated(
        self, field: Field, score: float, label: Cell, value: Cell, heads: Sequence[Cell]
    ) -> Stated | None:
        texts = [h.text.strip() for h in heads if h.text.strip()]
        if any(_OTHER_COLUMN.search(t) for t in texts[:1]):
            return None
        day: Day = day_of(value.text, self._asked) if len(value.text) > 12 else ""
        for text in (*texts, label.text, self.caption):
            day = day or day_of(text, self._asked)
        raw = value.text.strip()
        reading = self._read(field, raw, label, value)
        if reading.state not in ("given", "none", "unreadable"):
            return None
        where = Evidence(
            file=self.document.file,
            page=value.page,
            bbox=value.bbox,
            place=value.place,
            raw=raw,
            how="ocr" if value.sure < 1.0 else "text",
        )
        return Stated(field.id, day, reading, raw, where, score >= CLEAR and value.sure >= 0.9)

    def _read(self, field: Field, raw: str, label: Cell, value: Cell) -> Reading:
        """The value in the field's unit, of which the label, a column or the caption may say
        that it is written in another."""
        unit = self._unit(label, value)
        other = read_in_unit(raw, field.unit, unit, integer=field.integer) if unit else None
        return other or read_number(raw, field.unit, integer=field.integer)

    def _unit(self, label: Cell, value: Cell) -> str:
        heading = self.words.read(label.text)
        if heading is not None and heading.unit and known_unit(heading.unit):
            return heading.unit
        for column in range(1, self.table.columns + 1):
            cell = self.grid.get((value.row, column))
            text = re.sub(r"\s", "", normalise(cell.text)) if cell is not None else ""
            if 0 < len(text) <= 6 and known_unit(text):
                over = self._over(cell) if cell is not None else []
                if any(_UNIT_COLUMN.search(h.text) for h in over):
                    return text
        said = _CAPTION_UNIT.search(normalise(self.caption))
        return said.group(1) if said and known_unit(said.group(1)) else ""


def _has_figure(cell: Cell) -> bool:
    text = cell.text.strip()
    return bool(text) and (
        read_number(text, None).state in ("given", "none")
        or (len(text) <= 30 and any(c.isdigit() for c in text))
    )
