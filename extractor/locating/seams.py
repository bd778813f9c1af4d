"""Rows that a page break cut in two, made whole where the form's labels show that they are one.

The reader joins what the page itself shows to be one row. What is left are rows drawn as two:
at the top of a page a row without a label, whose text can only be the rest of the one before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractor.locating.labels import CLEAR, Vocabulary
from models.types import BOXES, Block, Cell, Line, Paragraph, Table

DOUBT = 0.8
"""How sure it is whose year a figure is that stands under none."""
_FIGURE = re.compile(r"\s*[-－−+]?[\d０-９][\d０-９.．,，]*\s*[%％\w]{0,4}\s*")
EXACT = 99.0
"""Of 100: two halves of a cut label that are it to the letter."""
PROSE = 8
"""Ideographs from which on a cell's text may go on over a page break; a figure never does."""


def sew(table: Table, vocabulary: Vocabulary) -> Table:
    """The table with each cut row made one; nothing is lost, texts are put together in order."""
    table = _years_together(_years_across(_parted(table, vocabulary), vocabulary), vocabulary)
    if len({c.page for c in table.cells}) < 2 and not any(c.marks for c in table.cells):
        return table
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    kept: dict[int, list[Cell]] = {}
    last: int | None = None
    for number in sorted(rows):
        row = sorted(rows[number], key=lambda c: c.column)
        before = kept.get(last, []) if last is not None else []
        joined = _joined(before, row, vocabulary) if before else None
        if joined is None:
            kept[number] = row
            last = number
        else:
            assert last is not None
            kept[last] = joined
    cells = [c for number in sorted(kept) for c in kept[number]]
    return replace(table, cells=tuple(cells)) if len(cells) < len(table.cells) else table


def _parted(table: Table, vocabulary: Vocabulary) -> Table:
    """The table with each cell that two labels stand in, one on either side of a page's end, as
    two: the first of them happened to fill its line."""
    cells: list[Cell] = []
    for cell in table.cells:
        later = [line for line in cell.lines if line.page > (cell.page or line.page)]
        rows = range(cell.row, cell.row + cell.row_span)
        own = sum(
            any(c.row == r and c.page == cell.page for c in table.cells if c is not cell)
            for r in rows
        )
        if later and 0 < own < len(rows):
            at = later[0].start
            halves = [vocabulary.read(t.strip()) for t in (cell.text[:at], cell.text[at:])]
            if all(h and h.names_field and h.labels[0][1] >= CLEAR for h in halves):
                above = tuple(line for line in cell.lines if line.start < at)
                upper = replace(cell, text=cell.text[:at].rstrip(), lines=above, row_span=own)
                lower = replace(
                    cell, text=cell.text[at:], row=cell.row + own, row_span=len(rows) - own,
                    lines=tuple(replace(x, start=x.start - at, end=x.end - at) for x in later),
                    page=later[0].page, bbox=None,
                )  # fmt: skip
                cells += [upper, lower]
                continue
        cells.append(cell)
    return replace(table, cells=tuple(cells)) if len(cells) > len(table.cells) else table


def sewn_blocks(blocks: Sequence[Block], vocabulary: Vocabulary) -> list[Block]:
    """A document's blocks, a row that the end of a page cut into two tables whole in the first:
    the columns of the second may be others, so its cells are counted."""
    out: list[Block] = list(blocks)
    last: int | None = None
    for n, block in enumerate(out):
        if isinstance(block, Paragraph):
            last = None if block.text.strip() else last
            continue
        if block.nested:
            continue
        if last is not None:
            upper = out[last]
            assert isinstance(upper, Table)
            out[last], out[n] = _cut(upper, block, vocabulary) or (upper, block)
        last = n
    return out


def _cut(upper: Table, lower: Table, vocabulary: Vocabulary) -> tuple[Table, Table] | None:
    """Both tables without the cut between the last row of one and the first of the other."""
    if not upper.cells or not lower.cells:
        return None
    end, start = max(c.row for c in upper.cells), min(c.row for c in lower.cells)
    before = sorted((c for c in upper.cells if c.row == end), key=lambda c: c.column)
    row = sorted((c for c in lower.cells if c.row == start), key=lambda c: c.column)
    if len(before) != len(row) or _last_page(before[0]) >= (row[0].page or 0):
        return None
    if any(c.row_span > 1 for c in (*before, *row)):
        return None
    beside = [
        replace(c, row=a.row, column=a.column, column_span=a.column_span)
        for a, c in zip(before, row, strict=True)
    ]
    whole = _joined(before, beside, vocabulary)
    if whole is None:
        return None
    above = tuple(c for c in upper.cells if c.row != end)
    below = tuple(c for c in lower.cells if c.row != start)
    return replace(upper, cells=above + tuple(whole)), replace(lower, cells=below)


def _years_across(table: Table, vocabulary: Vocabulary) -> Table:
    """The table with each label that stands beside a row of years over the row of figures below,
    where that has a blank cell, or the rest of the label's words, in its place."""
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    moved: dict[int, Cell | None] = {}
    for number, row in rows.items():
        above = [c for c in sorted(row, key=lambda c: c.column) if c.text.strip()]
        below = sorted(rows.get(number + 1, []), key=lambda c: c.column)
        values = [c for c in below if c.text.strip() and c.column > 1]
        if len(above) < 3 or any(c.row_span > 1 for c in (*above, *values)):
            continue
        at = next((n for n, c in enumerate(above) if _year(c, vocabulary)), 0)
        label, years = above[at - 1] if at else above[0], above[at:]
        if not at or len(years) < 2 or not all(_year(c, vocabulary) for c in years):
            continue
        values = [c for c in values if c.column > label.column]
        rest = next((c for c in below if c.column == label.column), None)
        if len(values) != len(years) or rest is None or rest.row_span > 1:
            continue
        if any(vocabulary.read(c.text) is not None for c in values if len(c.text) < 12):
            continue
        whole = _append(label, rest) if rest.text.strip() else label
        named = vocabulary.read(whole.text)
        if named is None or not named.names_field or _starts_with_label(rest.text, vocabulary):
            continue
        moved[id(label)] = replace(whole, row_span=2)
        moved |= {id(c): None for c in below if c.column >= label.column}
        for year, value in zip(years, values, strict=True):
            moved[id(value)] = replace(value, column=year.column, column_span=year.column_span)
    cells = [moved.get(id(c), c) for c in table.cells]
    return replace(table, cells=tuple(c for c in cells if c is not None)) if moved else table


def under_years(table: Table, vocabulary: Vocabulary) -> Table:
    """The table with the figures of a row, where they are as many as the years above and stand
    under none of them, put under them in their order; each of them is doubtful.

    So text stands that was set with tabs: every row by the length of its own label.
    """
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell)
    years: list[Cell] = []
    moved: dict[int, Cell] = {}
    left_out: set[int] = set()
    for number in sorted(rows):
        row = sorted(rows[number], key=lambda c: c.column)
        told = [c for c in row if _year(c, vocabulary)]
        if len(told) > 1:
            years = told
            continue
        heading = vocabulary.read(row[0].text)
        values = row[1:]
        if not years or heading is None or not heading.names_field or len(values) != len(years):
            continue
        if not all(c.row_span == 1 and _FIGURE.fullmatch(c.text) for c in values):
            continue
        if all(_over(y, v) for y, v in zip(years, values, strict=True)):
            continue
        blank = {id(c) for c in table.cells if c.row == number and not c.text.strip()}
        left_out |= blank
        for year, value in zip(years, values, strict=True):
            span = year.column_span
            moved[id(value)] = replace(value, column=year.column, column_span=span, sure=DOUBT)
    cells = [moved.get(id(c), c) for c in table.cells if id(c) not in left_out]
    return replace(table, cells=tuple(cells)) if moved else table


def tabbed_from(
    blocks: Sequence[Block], number: int, vocabulary: Vocabulary
) -> tuple[int, Table | None]:
    """How many of the blocks from a row of years on are lines whose parts are set apart with
    tabs, and these as a table."""
    lines: list[Paragraph] = []
    for n in range(number, len(blocks)):
        block = blocks[n]
        if not isinstance(block, Paragraph) or "\t" not in block.text.strip() or block.lines:
            break
        if n == number and tabbed([block], vocabulary) is None:
            break
        lines.append(block)
    return len(lines), tabbed(lines, vocabulary) if len(lines) > 1 else None


def tabbed(lines: Sequence[Paragraph], vocabulary: Vocabulary) -> Table | None:
    """Lines whose parts are set apart with tabs as a table, from their first row of years (or
    target columns) on; None where there is no such row.

    The last parts of a line stand under the last headings. A line with more than one part, but
    fewer than there are headings, is doubtful.
    """
    cells: list[Cell] = []
    heads: list[str] = []
    values = 0
    for line in lines:
        parts = [(m.start(), m.group()) for m in re.finditer(r"[^\t]+", line.text)]
        texts = [text.strip() for _, text in parts]
        told = [vocabulary.read(t) for t in texts]
        columns = sum(h is not None and bool(h.year or h.column) and not h.labels for h in told)
        again = len(texts) > 3 and len(set(texts)) < len(texts) - 1
        worded = not any(c.isdigit() for t in texts for c in t)
        if columns > 1 or (heads and again and worded and len(texts) >= len(heads)):
            heads, values = texts, columns
        elif not heads:
            continue
        named = [n for n, h in enumerate(told) if h is not None and h.names_field]
        plain = len(texts) - 1 - max(named, default=-1)
        whole = plain == values if values else len(heads) - len(texts) in (0, 1)
        first = max(len(heads) - len(texts), 0) if whole else 0
        row = cells[-1].row + 1 if cells else 1
        boxes = [i for i, c in enumerate(line.text) if c in BOXES]
        for n in range(first):
            cells.append(Cell(row, n + 1, 1, 1, "", page=line.page, place=line.place))
        for n, (at, text) in enumerate(parts, first + 1):
            inside = zip(boxes, line.marks, strict=False)
            marks = tuple(m for i, m in inside if at <= i < at + len(text))
            sure = line.sure if whole or len(texts) < 3 else DOUBT
            cells.append(
                Cell(row, n, 1, 1, text.strip(), marks, line.page, line.bbox, line.place, sure=sure)
            )
    if not cells:
        return None
    return Table(cells[-1].row, max(c.column for c in cells), tuple(cells), place=cells[0].place)


def _over(year: Cell, value: Cell) -> bool:
    return (
        year.column < value.column + value.column_span
        and value.column < year.column + year.column_span
    )


def _year(cell: Cell, vocabulary: Vocabulary) -> bool:
    heading = vocabulary.read(cell.text) if len(cell.text) < 12 else None
    return heading is not None and heading.year is not None and not heading.labels


def _years_together(table: Table, vocabulary: Vocabulary) -> Table:
    """The table with each label over all the rows of years (2021年 below 2022年) it stands beside.

    Where nothing is drawn, or a page ends between them, some of these rows have a blank label.
    """
    years: dict[int, str] = {}
    for row in {c.row for c in table.cells if c.column == 1}:
        inside = [c for c in table.cells if c.row == row and c.column > 1 and c.text.strip()]
        read = [vocabulary.read(c.text) if len(c.text) < 12 else None for c in inside]
        told = [h.year for h in read if h is not None and h.year and not h.labels]
        if len(told) == 1 and len(inside) > 1 and inside[0].column == 2 and read[0] is not None:
            years[row] = told[0] or ""
    labels = {r: c for c in table.cells if c.column == 1 for r in range(c.row, c.row + c.row_span)}
    for row, cell in labels.items():  # the rows that a label covers by its span
        if row not in years and cell.row in years and row != cell.row:
            here = [c for c in table.cells if c.row == row and c.column == 2]
            head = vocabulary.read(here[0].text) if here and len(here[0].text) < 12 else None
            if head is not None and head.year and not head.labels:
                years[row] = head.year
    cells = list(table.cells)
    runs: list[list[int]] = []
    for row in sorted(years):
        if runs and runs[-1][-1] == row - 1 and years[row] not in {years[r] for r in runs[-1]}:
            runs[-1].append(row)
        else:
            runs.append([row])
    for run in runs:
        beside = list({id(labels[r]): labels[r] for r in run if r in labels}.values())
        named = [c for c in beside if c.text.strip()]
        blank = [c for c in beside if not c.text.strip() and c.row_span == 1]
        if len(named) != 1 or not blank or len(named) + len(blank) != len(beside):
            continue
        spread = replace(named[0], row=run[0], row_span=len(run))
        cells = [spread if c is named[0] else c for c in cells if c not in blank]
    return replace(table, cells=tuple(cells)) if len(cells) < len(table.cells) else table


def _joined(before: list[Cell], row: list[Cell], vocabulary: Vocabulary) -> list[Cell] | None:
    """The row before with the rest of its cells, or None where `row` is one of its own.

    What is set down the margin beside several rows (a section's name) stays as it is.
    """
    columns = {(c.column, c.column_span): c for c in before}
    margin = [c for c in row if c.row_span > 1 and (c.column, c.column_span) not in columns]
    row = [c for c in row if not any(c is m for m in margin)]
    written = [c for c in row if c.text.strip()]
    if not written:
        return None
    same_page = row[0].page == _last_page(before[0]) and row[0].page == before[0].page
    label = row[0] if len(row) > 1 and row[0].text.strip() else None
    told = 0.0
    if label is not None:
        above = columns.get((label.column, label.column_span))
        told = 0.0 if same_page or above is None else _rest_of_label(above, label, vocabulary)
        if not told:
            return None
    if same_page and not _rest_of_boxes(before, row, written):
        return None
    for cell in written:
        above = columns.get((cell.column, cell.column_span))
        if above is None or not (
            cell is label or _goes_on(above, cell, vocabulary, same_page, told)
        ):
            return None
    rest = {(c.column, c.column_span): c for c in written}
    whole = [
        _append(c, rest[key]) if (key := (c.column, c.column_span)) in rest else c for c in before
    ]
    return [*whole, *margin]


def _rest_of_label(above: Cell, cell: Cell, vocabulary: Vocabulary) -> float:
    """How like a label, of 100, two cells together are that the second one alone is not; else 0."""
    whole = vocabulary.read(above.text + "\n" + cell.text)
    if whole is None or not whole.names_field or whole.labels[0][1] < CLEAR:
        return 0.0
    score, own = whole.labels[0][1], vocabulary.read(cell.text)
    if own is not None and own.labels and score >= EXACT > own.labels[0][1]:
        return score  # 平台名称及数量 is like 其他平台名称及数量
    other = _starts_with_label(cell.text, vocabulary)
    return score if above.text.strip() and not other else 0.0


def _rest_of_boxes(before: list[Cell], row: list[Cell], written: list[Cell]) -> bool:
    """Whether a row beside a blank label, on the same page, is nothing but more tick boxes."""
    return (
        len(row) > 1
        and before[0].text.strip() != ""
        and len(before) == len(row)
        and all(c.marks and c.text.lstrip()[:1] in BOXES for c in written)
    )


def _goes_on(
    above: Cell, cell: Cell, vocabulary: Vocabulary, same_page: bool, told: float = 0.0
) -> bool:
    """Whether a cell's text is the rest of the one above; `told`: how surely that of its label
    is, of 100."""
    if above.page is None or cell.page is None:
        return False
    if same_page:
        return bool(above.marks) and not _starts_with_label(cell.text, vocabulary)
    if _last_page(above) >= cell.page:
        return False
    if not above.marks:
        if (_ideographs(above.text) < PROSE and not told) or vocabulary.read(
            above.text
        ) is not None:
            return False
        if cell.marks:
            return False
    return told >= EXACT or not _starts_with_label(cell.text, vocabulary)


def _starts_with_label(text: str, vocabulary: Vocabulary) -> bool:
    if vocabulary.section(text) is not None:
        return True
    lines = text.strip().split("\n")
    for end in range(1, min(len(lines), 4) + 1):
        for head in ("\n".join(lines[:end]), "\n".join(lines[:end]).split("：")[0].split(":")[0]):
            heading = vocabulary.read(head)
            if heading is not None and (heading.year or heading.column):
                return True
            if heading is not None and heading.labels and heading.labels[0][1] >= CLEAR - 5:
                return True
    return False


def _append(cell: Cell, rest: Cell) -> Cell:
    start = len(cell.text) + 1
    lines = tuple(replace(x, start=x.start + start, end=x.end + start) for x in _lines(rest))
    return replace(
        cell,
        text=cell.text + "\n" + rest.text,
        marks=cell.marks + rest.marks,
        lines=_lines(cell) + lines,
        sure=min(cell.sure, rest.sure),
    )


def _lines(cell: Cell) -> tuple[Line, ...]:
    if cell.lines or cell.page is None or cell.bbox is None:
        return cell.lines
    return (Line(0, len(cell.text), cell.page, cell.bbox, cell.sure),)


def _last_page(cell: Cell) -> int:
    return max([cell.page or 0, *(line.page for line in cell.lines)])


def _ideographs(text: str) -> int:
    return sum("一" <= c <= "鿿" for c in text)
