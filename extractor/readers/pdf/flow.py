"""Pages → one flow: a table that goes on over a page break is one table, with its cut cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractor.readers.pdf.aligned_flow import fitted, rest_below
from extractor.readers.pdf.items import FlowCell, FlowTable, Item
from extractor.readers.pdf.seam import blank_rest, broken_row, running, spans_on
from extractor.readers.pdf.tags import Tags
from extractor.readers.pdf.text import TextLine

SAME_X = 4.0
"""Column edges of one table on two pages may differ by so much."""
STRETCHED = 0.04
"""How much wider or narrower, in parts, the same table may be on another sheet's scan."""
MIRRORED = 60.0
"""Left and right pages may be shifted against each other by so much."""
_CONTINUED = re.compile(r"^[（(]?\s*(?:续上?表|接上[页表]|续前?页|上接.{0,6}页|续)\s*[）)]?$")


def flow(
    pages: Sequence[Sequence[Item]], sizes: Sequence[tuple[float, float]], tags: Tags,
    gaps: Sequence[int] = (),
) -> list[Item]:  # fmt: skip
    """All items in order; `sizes` are the pages' widths and heights, `tags` what the file says.

    `gaps` are the numbers of pages that were not read: no table goes on over them.
    """
    floors = _floors(pages, sizes)
    out: list[Item] = []
    for items, size in zip(pages, sizes, strict=True):
        tables = [i for i in items if isinstance(i, FlowTable)]
        aside = [i for i in items if isinstance(i, TextLine) and _beside(i, tables)]
        rest = [i for i in items if not any(i is a for a in aside)] if aside else list(items)
        if len(rest) > 1 and isinstance(rest[1], FlowTable) and _says_continued(rest[0]):
            rest.pop(0)
        if out and rest:
            upper = out[-1]
            if isinstance(upper, FlowTable) and upper.aligned:
                rest = rest_below(upper, rest, floors[_key(size)])
            lower = rest[0]
            if isinstance(upper, FlowTable) and isinstance(lower, FlowTable):
                near = upper.boxes[-1][1][3] > floors[_key(size)] - 0.35 * size[1]
                missed = any(upper.boxes[-1][0] < n < lower.boxes[0][0] for n in gaps)
                if not missed and _goes_on(upper, lower, tags, near):
                    out[-1] = _joined(upper, lower, tags, floors[_key(size)])
                    del rest[0]
        for item in rest:
            open_row = isinstance(item, FlowTable) and item.open_top and item.open_bottom
            if open_row and isinstance(item, FlowTable) and item.rows < 2:
                # upright lines only and no table before them: no table
                lines = [line for cell in item.cells for line in cell.lines]
                lines.sort(key=lambda line: line.base)
                out.extend(lines)
            else:
                out.append(item)
        for line in aside:  # the table goes on below it
            beside = (n for n, i in enumerate(out) if isinstance(i, FlowTable) and _on(line, i))
            out.insert(next(beside, len(out)), line)
    return out


def _beside(line: TextLine, tables: Sequence[FlowTable]) -> bool:
    """Whether a line stands left or right of a table, as text does that its cell cannot hold."""
    return any(_on(line, table) for table in tables)


def _on(line: TextLine, table: FlowTable) -> bool:
    """Whether a line stands beside the part of a table on its page."""
    left, upper, right, lower = line.bbox
    return any(
        page == line.page
        and not x0 <= (left + right) / 2 <= x1
        and top <= (upper + lower) / 2 <= bottom
        for page, (x0, top, x1, bottom) in table.boxes
    )


def _key(size: tuple[float, float]) -> tuple[int, int]:
    return round(size[0]), round(size[1])


def _floors(
    pages: Sequence[Sequence[Item]], sizes: Sequence[tuple[float, float]]
) -> dict[tuple[int, int], float]:
    """How far down pages of each size are filled at most."""
    floors: dict[tuple[int, int], float] = {}
    for items, size in zip(pages, sizes, strict=True):
        for item in items:
            box = item.bbox if isinstance(item, TextLine) else item.boxes[-1][1]
            floors[_key(size)] = max(floors.get(_key(size), 0.0), box[3])
    return floors


def _says_continued(item: Item) -> bool:
    return isinstance(item, TextLine) and bool(_CONTINUED.match(item.text))


def _goes_on(upper: FlowTable, lower: FlowTable, tags: Tags, near_floor: bool) -> bool:
    """Whether the lower part's outer edges are the upper part's, and inner ones agree."""
    if upper.boxes[-1][0] >= lower.boxes[0][0]:
        return False
    if upper.aligned or lower.aligned:
        return near_floor and fitted(upper, lower)
    if (upper.open_bottom or lower.open_top) and len(lower.xs) > 2 and _among(lower, upper):
        return True  # a column merged over the whole page has no line that ends in it
    lower = _stretched(upper, lower)
    if abs((upper.xs[-1] - upper.xs[0]) - (lower.xs[-1] - lower.xs[0])) > 2 * SAME_X:
        return False
    shift = upper.xs[0] - lower.xs[0]
    if abs(shift) > MIRRORED:
        return False
    if upper.open_bottom or lower.open_top:
        return True
    last = [c for c in upper.cells if c.row + c.row_span == upper.rows]
    first = [c for c in lower.cells if c.row == 0]
    said = tags.same("Table", _ends(last), _starts(first))
    if said is not None:
        return said
    inner = [x + shift for x in lower.xs[1:-1]]
    shared = sum(any(abs(x - o) <= SAME_X for o in upper.xs[1:-1]) for x in inner)
    if shared >= 2 and shared == len(inner) == len(upper.xs) - 2:
        return True  # column for column
    return near_floor and (shared > 0 or not inner or len(upper.xs) == 2)


def _stretched(upper: FlowTable, lower: FlowTable) -> FlowTable:
    """The lower part as wide as the upper one, where its columns are the same then: a scanner
    feeds one sheet a little faster than the next, a camera is held a little nearer."""
    wide, own = upper.xs[-1] - upper.xs[0], lower.xs[-1] - lower.xs[0]
    if len(lower.xs) < 4 or len(lower.xs) != len(upper.xs) or own <= 0:
        return lower
    if abs(wide / own - 1) > STRETCHED:
        return lower
    xs = [upper.xs[0] + (x - lower.xs[0]) * wide / own for x in lower.xs]
    same = all(abs(x - o) <= SAME_X for x, o in zip(xs, upper.xs, strict=True))
    return replace(lower, xs=xs) if same else lower


def _among(lower: FlowTable, upper: FlowTable) -> bool:
    """Whether each column edge of the lower part is one of the upper part."""
    return all(any(abs(x - o) <= SAME_X for o in upper.xs) for x in lower.xs)


def _ends(cells: list[FlowCell]) -> list[TextLine]:
    return [line for cell in cells for line in cell.lines[-1:]]


def _starts(cells: list[FlowCell]) -> list[TextLine]:
    return [line for cell in cells for line in cell.lines[:1]]


def _joined(upper: FlowTable, lower: FlowTable, tags: Tags, floor: float) -> FlowTable:
    """The lower part's rows below the upper's, on one set of column edges."""
    lower = _stretched(upper, lower)
    shift = 0.0 if _among(lower, upper) else upper.xs[0] - lower.xs[0]
    xs = list(upper.xs)
    for x in lower.xs:
        if not any(abs(x + shift - o) <= SAME_X for o in xs):
            xs.append(x + shift)
    xs.sort()
    above = _on_edges(upper.cells, upper.xs, xs, 0.0)
    below = _on_edges(lower.cells, lower.xs, xs, shift)
    repeated = _repeated_rows(above, below)
    below = [c for c in below if c.row >= repeated]
    seam = upper.rows
    last = sorted((c for c in above if c.row + c.row_span == seam), key=lambda c: c.column)
    first = sorted((c for c in below if c.row == repeated), key=lambda c: c.column)
    broken = False
    closed = upper.whole_bottom and lower.whole_top  # what is drawn goes before what the file says
    if [(c.column, c.column_span) for c in last] == [(c.column, c.column_span) for c in first]:
        said = _same_row(last, first, tags)
        if closed:
            said = False
        unlabelled = upper.aligned and lower.aligned and bool(first) and not first[0].lines
        if said is None and unlabelled and not any(c.lines and running(c) for c in last):
            said = False  # a row below a label that stands for several, not the rest of one
        if said is None and not repeated and (upper.whole_bottom or lower.whole_top):
            said = False
        if said is None and not repeated and upper.cut_bottom and lower.cut_top:
            said = True
        if said is None and all(not c.lines for c in first):
            following = [c for c in below if c.row == repeated + 1]
            said = blank_rest(last, following, floor)
        broken = broken_row(last, first, floor) if said is None else said
    offset = seam - repeated - (1 if broken else 0)
    for cell in below:
        cell.row += offset
    ended = upper.whole_bottom or lower.whole_top
    torn = (upper.open_bottom or lower.open_top) and not ended
    cells = _sewn(above, below, [] if ended else first, seam, broken, torn, tags)
    inner = [*upper.inner, *lower.inner]
    if broken and upper.inner and lower.inner:
        ends, starts = upper.inner[-1], lower.inner[0]
        if _goes_on(ends, starts, tags, True):
            whole = _joined(ends, starts, tags, floor)
            inner = [*upper.inner[:-1], whole, *lower.inner[1:]]
    return FlowTable(
        xs, offset + lower.rows, cells, [*upper.boxes, *lower.boxes],
        upper.open_top, lower.open_bottom, upper.cut_top, lower.cut_bottom, inner,
        upper.aligned and lower.aligned, upper.whole_top, lower.whole_bottom,
    )  # fmt: skip


def _same_row(last: list[FlowCell], first: list[FlowCell], tags: Tags) -> bool | None:
    """What the file says; a cell merged over rows belongs to the first of them only."""
    pairs = list(zip(last, first, strict=True))
    plain = [(a, b) for a, b in pairs if a.row_span == b.row_span == 1]
    said = tags.same("TR", _ends([a for a, _ in plain]), _starts([b for _, b in plain]))
    if said is None and not any(a.lines and b.lines for a, b in plain):
        said = tags.same("TR", _ends(last), _starts(first))
    return said


def _on_edges(
    cells: list[FlowCell], old: list[float], new: list[float], shift: float
) -> list[FlowCell]:
    """The cells with their columns counted on another set of edges."""
    at = [min(range(len(new)), key=lambda i: abs(new[i] - x - shift)) for x in old]
    return [
        FlowCell(
            c.row, at[c.column], c.row_span,
            at[c.column + c.column_span] - at[c.column], c.lines, c.boxes, c.sure,
        )
        for c in cells
    ]  # fmt: skip


def _row(cells: list[FlowCell], row: int) -> list[tuple[int, int, int, str]]:
    return [
        (c.column, c.column_span, c.row_span, re.sub(r"\s+", "", c.text))
        for c in cells
        if c.row == row
    ]


def _repeated_rows(above: list[FlowCell], below: list[FlowCell]) -> int:
    """How many rows at the top of `below` repeat the table's own first rows."""
    count = 0
    height = max(c.row + c.row_span for c in below)
    while count < min(height - 1, 6):
        first, again = _row(above, count), _row(below, count)
        if first != again or not first:
            break
        count += 1
    while count:  # no cell may reach out of the heading, and it must say something
        whole = all(
            c.row + c.row_span <= count for cells in (above, below) for c in cells if c.row < count
        )
        words = [c.text for c in below if c.row < count and c.text.strip()]
        if whole and words and (len(words) > 1 or len(words[0]) > 1):
            return count
        count -= 1
    return 0


def _sewn(
    above: list[FlowCell], below: list[FlowCell], first: list[FlowCell], seam: int,
    broken: bool, torn: bool, tags: Tags,
) -> list[FlowCell]:  # fmt: skip
    """Both parts' cells, those that the page break cut in two as one."""
    at = {(c.column, c.column_span): c for c in above if c.row + c.row_span == seam}
    starting = {id(c) for c in first}
    alone = all(not c.lines for c in first)
    out = list(above)
    for cell in below:
        upper = at.get((cell.column, cell.column_span)) if id(cell) in starting else None
        said = tags.same("TD", upper.lines[-1:], cell.lines[:1]) if upper is not None else None
        cut = upper is not None and (
            broken
            or (said is None and not alone and len(first) > 1 and spans_on(upper, cell, torn))
            or said is True
        )
        if upper is None or not cut:
            out.append(cell)
            continue
        upper.row_span = cell.row + cell.row_span - upper.row
        upper.lines = [*upper.lines, *cell.lines]
        upper.sure = min(upper.sure, cell.sure)
        upper.boxes = [*upper.boxes, *cell.boxes]
    return sorted(out, key=lambda c: (c.row, c.column))
