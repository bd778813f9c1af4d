"""The label cells that stand round each cell of a table, whatever its rows and columns are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from extractor.locating.labels import CLEAR, Heading, Vocabulary
from models.types import Cell, Table


@dataclass(frozen=True, slots=True)
class Head:
    """A label that stands by a place to be filled."""

    heading: Heading
    gap: int
    """Value cells between the place and this label."""
    direction: str
    """inline, left or above."""
    order: int
    """Where the label stands in reading order."""
    covers: bool = True
    """It spans all rows (left) or columns (above) of the place."""
    guessed: bool = False
    """It stands nowhere near: the form's own columns, in their order."""


LONGEST_GROUP = 30
"""Letters of the words that several labels have in common."""


class TableHeadings:
    """Which cells of a table are labels, and which labels stand left of and above a cell.

    In: the table, the text of each cell (by its id), the vocabulary of the form, and where each
    cell stands in reading order (by its id).
    """

    def __init__(
        self, table: Table, texts: dict[int, str], vocabulary: Vocabulary, orders: dict[int, int]
    ) -> None:
        self.table = table
        self.vocabulary = vocabulary
        self.grid: dict[tuple[int, int], Cell] = {}
        self.rows: dict[int, list[Cell]] = {}
        for cell in table.cells:
            self.rows.setdefault(cell.row, []).append(cell)
            for r in range(cell.row, cell.row + cell.row_span):
                for c in range(cell.column, cell.column + cell.column_span):
                    self.grid.setdefault((r, c), cell)
        for row in self.rows.values():
            row.sort(key=lambda c: c.column)
        self._stacks: dict[int, tuple[list[Cell], dict[int, int], list[int]]] = {}
        self._last_row = max((row for row, _ in self.grid), default=0)
        self._own = {id(c): self._heading(c, texts[id(c)]) for c in table.cells}
        self._own |= {id(c): h for c in table.cells if (h := self._with_group(c, texts))}
        self._without_lone_years()
        self._orders = orders
        gone_on = self._gone_on()
        self._shown = self._own | {n: self._own[id(label)] for n, label in gone_on.items()}
        self._places = orders | {n: orders[id(label)] for n, label in gone_on.items()}

    def of(self, cell: Cell) -> Heading | None:
        """What the cell says as a label; None where it is a place to be filled."""
        return self._own[id(cell)]

    def around(self, cell: Cell) -> tuple[Head, ...]:
        """The labels left of the cell, then those above it, the nearest first."""
        return (*self._left(cell), *self._above(cell))

    def years_of(self, cell: Cell) -> list[Heading]:
        """Where the cell is the first of a row of year (or target) headings: all of them."""
        named = [(c, h) for c in self.rows[cell.row] if (h := self.of(c)) and (h.year or h.column)]
        if len(named) < 2 or named[0][0] is not cell or any(h.labels for _, h in named):
            return []
        return [h for _, h in named]

    def years_over(self, cell: Cell) -> list[Head]:
        """Where the cell is merged under several year headings of one row: all of them."""
        if cell.column_span < 2:
            return []
        for row in range(cell.row - 1, 0, -1):
            over = [
                c for c in self.rows.get(row, ())
                if cell.column <= c.column and _right(c) <= _right(cell)
            ]  # fmt: skip
            years = [(c, h) for c in over if (h := self.of(c)) and (h.year or h.column)]
            if len(years) > 1:
                return [Head(h, 0, "above", self._orders[id(c)]) for c, h in years]
        return []

    def place_in_row(self, cell: Cell) -> tuple[int, int]:
        """Which of how many cells behind the row's last label the cell is; (-1, 0) if none."""
        row = self.rows[cell.row]
        values: list[Cell] = []
        for other in reversed(row):
            if self.of(other) is not None:
                break
            if other.text.strip() or other.row_span <= cell.row_span:  # else a page's margin
                values.insert(0, other)
        if cell not in values or len(values) == len(row):
            return -1, 0
        return values.index(cell), len(values)

    def turn_in_row(self, cell: Cell) -> tuple[int, int]:
        """Where a row says the same label several times (国家 … 国家 … 国家 …, once a year): behind
        which of how many the cell stands; (-1, 0) elsewhere."""
        labels = [c for c in self.rows[cell.row] if self.of(c) is not None]
        before = [c for c in labels if c.column < cell.column]
        if not before:
            return -1, 0
        said = before[-1].text.strip()
        same = [c for c in labels if c.text.strip() == said]
        return same.index(before[-1]), len(same)

    # ------------------------------------------------------------------ which cells are labels

    def _heading(self, cell: Cell, text: str) -> Heading | None:
        if not text.strip() or cell.marks:
            return None
        heading = self.vocabulary.read(text)
        if heading is None:
            bare = self.vocabulary.without_notes(text)
            heading = self.vocabulary.read(bare) if bare != text else None
        if heading is None and self.vocabulary.section(text) is not None:
            heading = Heading(text, generic=True)
        return heading

    def _with_group(self, cell: Cell, texts: dict[int, str]) -> Heading | None:
        """A label whose first words stand once for several rows (主导产业相关的 | 省级专精…)."""
        own = self._own[id(cell)]
        group = self.grid.get((cell.row, cell.column - 1))
        if group is None or group.marks or group.row > cell.row or _bottom(group) < _bottom(cell):
            return None
        words, text = texts[id(group)].strip(), texts[id(cell)].strip()
        if not words or not text or cell.marks or len(words) > LONGEST_GROUP:
            return None
        if group.row_span == cell.row_span or (own is not None and _clear(own)):
            return None
        if sum("一" <= c <= "鿿" for c in text) < 2:
            return None  # a value, or a unit
        over = self._own[id(group)]
        if over is not None and over.names_field and _clear(over):
            return None
        whole = self.vocabulary.read(words + text)
        if whole is None or not whole.names_field or not _clear(whole):
            return None
        return whole

    def _without_lone_years(self) -> None:
        """A bare 2021 without 年 is a year only in line with 2020 or 2022."""
        lone: list[Cell] = []
        for cell in self.table.cells:
            heading = self.of(cell)
            if heading is None or not heading.year or heading.labels or "年" in cell.text:
                continue
            line = [c for c in self.table.cells if c.row == cell.row or c.column == cell.column]
            years = {h.year for c in line if (h := self.of(c)) is not None and not h.labels}
            if not {str(int(heading.year) + d) for d in (-1, 1)} & years:
                lone.append(cell)
        for cell in lone:
            self._own[id(cell)] = None

    def _gone_on(self) -> dict[int, Cell]:
        """Blank cells below a page break that stand under a label, each with that label's cell:
        the row they begin belongs to the one that the break cut."""
        found: dict[int, Cell] = {}
        for cell in self.table.cells:
            above = self.grid.get((cell.row - 1, cell.column))
            if cell.text.strip() or above is None or above.column != cell.column:
                continue
            label = found.get(id(above), above)
            heading = self.of(label)
            if heading is None or not heading.names_field or _right(above) != _right(cell):
                continue
            if above.page != cell.page or id(above) in found:
                found[id(cell)] = label
        return found

    # ------------------------------------------------------------------ which stand round a cell

    def _left(self, cell: Cell) -> Iterator[Head]:
        def walk() -> Iterator[Cell]:
            column = cell.column - 1
            while column >= 1:
                other = self.grid.get((cell.row, column))
                if other is not None:
                    yield other
                column = other.column - 1 if other is not None else column - 1

        def covers(other: Cell) -> bool:
            return other.row <= cell.row and _bottom(other) >= _bottom(cell)

        yield from self._met(walk(), "left", covers)

    def _above(self, cell: Cell) -> Iterator[Head]:
        full = cell.column_span >= self.table.columns

        def walk() -> Iterator[Cell | int]:
            stack, place, before = self._stack(cell.column)
            at = place.get(id(cell), 0) - 1
            while at >= 0:
                if before[at] < at:
                    yield at - before[at]
                if (at := before[at]) < 0:
                    return
                yield stack[at]
                if stack[at].column_span >= self.table.columns and not full:
                    return  # a section's heading or a narrative: columns start anew below it
                at -= 1

        def covers(other: Cell) -> bool:
            left, right = self._reach(other)
            return left <= cell.column and right >= _right(cell)

        yield from self._met(walk(), "above", covers)

    def _stack(self, column: int) -> tuple[list[Cell], dict[int, int], list[int]]:
        """The cells of a column from the top, the place of each by its id, and for each place the
        nearest, itself or above it, that is a label or as wide as the table (-1: none). A list
        of thousands of rows would be walked up from each of its cells else."""
        known = self._stacks.get(column)
        if known is None:
            stack: list[Cell] = []
            for row in range(1, self._last_row + 1):
                cell = self.grid.get((row, column))
                if cell is not None and (not stack or stack[-1] is not cell):
                    stack.append(cell)
            before: list[int] = []
            for at, cell in enumerate(stack):
                told = self._own[id(cell)] is not None or cell.column_span >= self.table.columns
                before.append(at if told else before[-1] if before else -1)
            places = {id(c): n for n, c in enumerate(stack)}
            known = self._stacks[column] = stack, places, before
        return known

    def _reach(self, cell: Cell) -> tuple[int, int]:
        """First and last column of a heading; a year that is said again beside it is one."""
        left, right = cell.column, _right(cell)
        heading = self.of(cell)
        if heading is None or heading.labels or not (heading.year or heading.column):
            return left, right
        named = (heading.year, heading.column)

        def same(column: int) -> bool:
            other = self.grid.get((cell.row, column))
            said = self.of(other) if other is not None else None
            return said is not None and not said.labels and (said.year, said.column) == named

        while left > 1 and same(left - 1):
            left -= 1
        while same(right + 1):
            right += 1
        return left, right

    def _met(
        self, cells: Iterable[Cell | int], direction: str, covers: Callable[[Cell], bool]
    ) -> Iterator[Head]:
        """The labels met on the way; a number stands for so many cells that are none.

        Above, those behind the first unbroken run count only where
        they name a year: a column's label does not reach past other rows' labels, its year does.
        """
        headings = self._shown if direction == "left" else self._own
        orders = self._places if direction == "left" else self._orders
        gap = 0
        met = behind = False
        for other in cells:
            heading = None if isinstance(other, int) else headings[id(other)]
            if heading is None or isinstance(other, int):
                behind = met and direction == "above"
                gap += other if isinstance(other, int) else 1
                continue
            met = True
            if not behind or heading.year or heading.column:
                yield Head(heading, gap, direction, orders[id(other)], covers(other))


def _clear(heading: Heading) -> bool:
    if heading.year or heading.column:
        return True
    return bool(heading.labels) and heading.labels[0][1] >= CLEAR


def _right(cell: Cell) -> int:
    return cell.column + cell.column_span - 1


def _bottom(cell: Cell) -> int:
    return cell.row + cell.row_span - 1
