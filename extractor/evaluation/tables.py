"""The indicators of a report that stand in tables, whatever way round these are.

Every figure of a table is asked what it is: the words left of it and above it name its
indicator (收入, or 国家级 beside 技术研发中心), its day, its unit and whose it is. Where a table
has the whole cluster's figure beside those of towns and firms, only that one counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractor.evaluation.days import Day, day_of
from extractor.evaluation.heads import (
    Whose,
    bracketed,
    has_figure,
    head_day,
    is_apart,
    is_aside,
    is_low,
    is_number,
    level_of,
    lists_firms,
    plain,
    whose,
)
from extractor.locating.labels import CLEAR, Vocabulary, vocabulary
from extractor.submission.split_rows import split_rows
from models.form import Field, Form
from models.types import Block, Cell, Document, Evidence, Paragraph, Table
from models.values import Reading, read_in_unit, read_number
from models.writing.units import asked as known_unit

_UNIT_COLUMN = re.compile(r"单位")
_CAPTION_UNIT = re.compile(r"(?:单位|计量单位)[:：]?([^\s)）,，;；、:：]{1,8})")
_PAIR = re.compile(
    r"\s*(?:[（(]?\d{1,2}[)）.、]\s*)?([^:：\d][^:：]{1,30})[:：]\s*(\S[^:：]{0,24})\s*"
)
_OTHERWISE = re.compile(r"增速|增长率|增幅|同比|小巨人|市级|县级|区级|人均|户均")
"""In a label: it is another's than the indicator it resembles."""
NEAR = 2
"""A table's caption is one of the paragraphs this near above it."""
HEADED = 4
"""A table's headings stand in its first rows."""
LIKE = 85.0
"""Below this a text is no label of an indicator."""


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


@dataclass(frozen=True, slots=True)
class _Named:
    """The indicator that some words name."""

    field: Field
    cell: Cell
    clear: bool
    part: bool = False
    """Only those of the national level."""


@dataclass(frozen=True, slots=True)
class _Found:
    stated: Stated
    whose: Whose
    apart: bool
    """A subject that could not be told stands before it."""
    part: bool = False


def stated_in_tables(document: Document, form: Form) -> list[Stated]:
    """Every figure of an indicator in a table of the document."""
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
        self.asked = form.as_of or ""
        self.caption = caption
        self.figures = {f.id: f for f in form.fields if f.type in ("number", "integer")}
        self.words = words
        self._labels: dict[str, tuple[Field | None, float]] = {}
        table = split_rows(table, lambda line: self._read(line)[0] is not None)
        self.table = table
        self.grid: dict[tuple[int, int], Cell] = {}
        for cell in table.cells:
            for r in range(cell.row, cell.row + cell.row_span):
                for c in range(cell.column, cell.column + cell.column_span):
                    self.grid.setdefault((r, c), cell)
        self.figured = {c.row for c in table.cells if self._is_label(c) and self._led(c)}
        """Rows that are an indicator's."""
        self.of_firms = "企业" in caption or any(
            "企业" in c.text and not self._is_label(c) for c in table.cells if c.row <= 2
        )
        self.of_each = any(lists_firms(c.text) for c in table.cells if c.row <= HEADED)
        """A row is a firm's or a project's, and their sum is not the cluster's."""

    def run(self) -> Iterator[Stated]:
        found: dict[str, list[_Found]] = {}
        for cell in self.table.cells:
            for one in (*self._value(cell), *self._pairs(cell)):
                found.setdefault(one.stated.field, []).append(one)
        for several in found.values():
            if any(f.stated.sure for f in several):
                several = [f for f in several if f.stated.sure or f.part]
            own = [f for f in several if f.whose == "cluster"]
            plain_ = [f for f in several if not f.whose and not f.apart]
            apart = [f for f in several if f.apart]
            yield from (f.stated for f in own or plain_)
            if not own and not plain_ and len(apart) == 1:
                yield replace(apart[0].stated, sure=False)

    # -------------------------------------------------------------- what names an indicator

    def _read(self, text: str) -> tuple[Field | None, float]:
        """The indicator a text is the label of, and how clearly."""
        if text in self._labels:
            return self._labels[text]
        result: tuple[Field | None, float] = (None, 0.0)
        bare = (
            text if re.search(r"[（(][准套]", text) else re.sub(r"[（(][^（）()]*[)）]", "", text)
        )
        for said in dict.fromkeys((text, bare)):
            heading = self.words.read(said) if 1 < len(said) <= 40 else None
            if heading is None or not heading.names_field:
                continue
            key, score = heading.labels[0]
            ids = [id for id in self.words.last.get(key, ()) if id in self.figures]
            clear = score >= 100 or not _OTHERWISE.search(said)
            if len(ids) == 1 and score >= LIKE and clear and score > result[1]:
                result = self.figures[ids[0]], score
        self._labels[text] = result
        return result

    def _is_label(self, cell: Cell) -> bool:
        return self._read(cell.text)[0] is not None

    def _led(self, label: Cell) -> bool:
        """Whether a figure stands beside the label, not below it."""
        right = self.grid.get((label.row, label.column + label.column_span))
        return right is not None and not self._is_label(right)

    def _named(self, cells: Sequence[Cell], level: str) -> _Named | None:
        """The indicator that the nearest of some headings names, with a level if one stands by."""
        for cell in cells:
            text = cell.text.strip()
            if not text or level_of(text) or known_unit(plain(text)) or len(text) > 40:
                continue
            for said in (level + plain(text), level + plain(text) + "企业") if level else ():
                field, score = self._read(said)
                if field is not None and score >= 97:
                    return _Named(field, cell, clear=True)
            field, score = self._read(text)
            if field is not None:
                # 国家级 beside 瞪羚企业 is a part of them
                part = level.startswith("国家") and "省" not in level
                clear = score >= CLEAR and not part
                return None if is_low(level) else _Named(field, cell, clear, part)
            field, score = self._read(plain(text) + "企业")
            if field is not None and score >= 97 and not is_low(level):
                return _Named(field, cell, self.of_firms)
        return None

    # -------------------------------------------------------------- one figure

    def _value(self, value: Cell) -> Iterator[_Found]:
        if self._is_label(value) or not has_figure(value.text) or self._dated(value):
            return
        left = self._left(value)
        row = [c for c in left if self._is_label(c) or not is_number(c.text) or self._is_year(c)]
        above = self._above(value)
        level = next((said for c in (*row, *above) if (said := level_of(c.text))), "")
        if any(level_of(c.text) for c in row[:1]) and not any(self._is_label(c) for c in row):
            row += self._over_label(row[0])  # 技术研发中心 / 其中：国家级
        named = self._named(row, level)
        beside = named is not None
        if named is None:
            above = self._above(value, across=True)
            named = self._named(above, level)
        if named is None:
            return
        field = named.field
        if beside:
            at = row.index(named.cell)
            between, before = row[:at], row[at + 1 :]
            above = [c for c in above if not self._covers(c, named.cell)]
        else:
            between, before = row, []
            above = [c for c in above if c is not named.cell]
        heads = [*between, *above]
        if any(is_apart(c.text, counted=field.integer) for c in heads):
            return
        if any(is_aside(c.text) for c in (*between[:1], *above[:1])):
            return
        owner, unknown = self._owner(between, before, above, beside)
        if owner == "other":
            return
        day: Day = day_of(value.text, self.asked) if len(value.text) > 12 else ""
        corner = self._above(named.cell) if beside else []
        for text in (
            *(c.text for c in heads), named.cell.text, *(c.text for c in (*before, *corner)),
            *self._full_rows(value), self.caption,
        ):  # fmt: skip
            day = day or head_day(text, self.asked)
        reading = self._number(field, value, named.cell, heads)
        if reading.state not in ("given", "none", "unreadable"):
            return
        clear = named.clear and value.sure >= 0.9
        stated = self._stated(field, day, reading, value.text, value, clear)
        yield _Found(stated, owner, unknown, named.part)

    def _dated(self, cell: Cell) -> bool:
        """Whether a cell names a day and is no number (2021 may be one)."""
        return not is_number(cell.text) and bool(head_day(cell.text, self.asked))

    def _is_year(self, cell: Cell) -> bool:
        """A bare 2021 in front of a row."""
        heads = self._above(cell)
        if any(self._is_label(c) for c in heads):
            return False  # 1986 under 市场主体数量
        over = (plain(c.text) for c in heads[:1])
        first = cell.column == 1 or any(re.fullmatch(r"年[份度]?|时间|期间", t) for t in over)
        return first and bool(re.fullmatch(r"(?:19|20)\d\d", plain(cell.text)))

    def _owner(
        self, between: Sequence[Cell], before: Sequence[Cell], above: Sequence[Cell], beside: bool
    ) -> tuple[Whose, bool]:
        """Whose figure it is, and whether words stand before it of which that cannot be told.

        Where the indicator stands above, what stands before the figure is whose it is.
        """
        told = [whose(c.text) for c in (*between, *before, *above)]
        listed = not beside and self.of_each
        if "other" in told or listed:
            return "other", False
        if "cluster" in told:
            return "cluster", False
        unknown = not beside and any(
            not head_day(c.text, self.asked) and not level_of(c.text) and not self._frame(c)
            for c in between
        )
        return "", unknown

    def _frame(self, cell: Cell) -> bool:
        """数量, 指标值, 亿元: words of the table's frame."""
        text = plain(cell.text)
        return bool(
            known_unit(text)
            or re.search(r"数量|数值|数据|指标|数$|值$|情况|金额|户数|家数|完成|单位|^年", text)
        )

    def _pairs(self, cell: Cell) -> Iterator[_Found]:
        """收入：312.6亿元 in one cell, a line each."""
        if ":" not in cell.text and "：" not in cell.text:
            return
        for line in cell.text.split("\n"):
            found = _PAIR.fullmatch(line)
            field, score = self._read(found.group(1).strip()) if found else (None, 0.0)
            if found is None or field is None:
                continue
            reading = read_number(
                found.group(2).rstrip("。；;，,"), field.unit, integer=field.integer
            )
            if reading.state not in ("given", "none"):
                continue
            above = self._above(cell)
            day: Day = ""
            for text in (line, *(c.text for c in above), *self._full_rows(cell), self.caption):
                day = day or head_day(text, self.asked)
            yield _Found(
                self._stated(field, day, reading, line.strip(), cell, score >= CLEAR), "", False
            )

    def _stated(
        self, field: Field, day: Day, reading: Reading, raw: str, cell: Cell, clear: bool
    ) -> Stated:
        where = Evidence(
            file=self.document.file,
            page=cell.page,
            bbox=cell.bbox,
            place=cell.place,
            raw=raw.strip(),
            how="ocr" if cell.sure < 1.0 else "text",
        )
        return Stated(field.id, day, reading, raw.strip(), where, clear)

    # -------------------------------------------------------------- the words round a figure

    def _left(self, value: Cell) -> list[Cell]:
        """The cells left of a figure, nearest first: up to the one that names an indicator and,
        left of that, to the next figure."""
        cells: list[Cell] = []
        named = False
        for column in range(value.column - 1, 0, -1):
            cell = self.grid.get((value.row, column))
            if cell is None or cell is value or cell in cells or not cell.text.strip():
                continue
            label = self._is_label(cell)
            if named and (label or has_figure(cell.text)):
                break
            named = named or label
            cells.append(cell)
        return cells

    def _above(self, value: Cell, across: bool = False) -> list[Cell]:
        """The headings above a cell, nearest first: no figures, nor in rows of figures; `across`
        also labels with figures beside them, which may be others' columns."""
        heads: list[Cell] = []
        for row in range(value.row - 1, 0, -1):
            cell = self.grid.get((row, value.column))
            if cell is None or cell in heads or cell is value or not cell.text.strip():
                continue
            if row in self.figured and not (across and self._is_label(cell)):
                continue
            if head_day(cell.text, self.asked) or not has_figure(cell.text) or self._is_label(cell):
                heads.append(cell)
        return heads

    def _over_label(self, cell: Cell) -> list[Cell]:
        """The nearest text above a level that is no level itself."""
        for row in range(cell.row - 1, 0, -1):
            over = self.grid.get((row, cell.column))
            if over is not None and over.text.strip() and not level_of(over.text):
                return [] if has_figure(over.text) else [over]
        return []

    def _covers(self, cell: Cell, other: Cell) -> bool:
        """Whether a cell reaches over the column of another: no heading of one column."""
        return cell.column <= other.column < cell.column + cell.column_span

    def _full_rows(self, value: Cell) -> list[str]:
        """The cells above that reach over most of the table, nearest first."""
        rows = [
            c
            for c in self.table.cells
            if c.row < value.row and c.column_span > 1 and 2 * c.column_span > self.table.columns
        ]
        return [c.text for c in sorted(rows, key=lambda c: -c.row) if len(c.text) <= 60]

    # -------------------------------------------------------------- its unit

    def _number(self, field: Field, value: Cell, label: Cell, heads: Sequence[Cell]) -> Reading:
        """The value in the field's unit, of which the label, a column or the caption may say
        that it is written in another."""
        raw = value.text.strip()
        for unit in self._units(label, value, heads):
            other = read_in_unit(raw, field.unit, unit, integer=field.integer)
            if other is not None:
                return other
            if read_number("1" + unit, field.unit).state == "given":
                break  # it says the unit asked for
        return read_number(raw, field.unit, integer=field.integer)

    def _units(self, label: Cell, value: Cell, heads: Sequence[Cell]) -> Iterator[str]:
        """The units that stand by a figure, the nearest first."""
        beside = (c for c in self._row_cells(value) if _UNIT_COLUMN.search(self._heads_of(c)))
        corner = [plain(c.text) for c in self._above(label)]
        said = [
            *bracketed(label.text),
            *(plain(c.text) for c in beside),
            *(u for c in heads for u in (plain(c.text), *bracketed(c.text))),
            *(m.group(1) for t in (*corner, *self._full_rows(value), plain(self.caption))
              for m in _CAPTION_UNIT.finditer(t)),
        ]  # fmt: skip
        yield from (u for u in said if len(u) <= 6 and known_unit(u))

    def _row_cells(self, value: Cell) -> list[Cell]:
        columns = range(1, self.table.columns + 1)
        near = sorted(columns, key=lambda c: (c > value.column, abs(c - value.column)))
        return [c for n in near if (c := self.grid.get((value.row, n))) is not None]

    def _heads_of(self, cell: Cell) -> str:
        return " ".join(plain(c.text) for c in self._above(cell))
