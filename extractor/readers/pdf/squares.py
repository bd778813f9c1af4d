"""Small squares made of lines: tick boxes, or cells of a table."""

from __future__ import annotations

from extractor.readers.pdf.pages import LARGEST_BOX, SMALLEST_BOX, Drawing, PageContent, Rule
from models.types import Bbox

MOST_SHAPES = 1500
"""Small shapes, and boxes, of one page that are looked at."""
TICKS = "√✓✔🗸vV×✗✘✕╳■●xX☑☒"


def squares_of_lines(content: PageContent) -> None:
    """Four short lines that make a square become one; longer ones are a table's."""
    short = [r for r in content.rules if SMALLEST_BOX <= r.end - r.start <= LARGEST_BOX]
    down = [r for r in short if not r.horizontal]
    across = sorted((r for r in short if r.horizontal), key=lambda r: r.at)
    if len(across) > MOST_SHAPES or len(down) > MOST_SHAPES:
        return
    used: set[int] = set()
    near = 1.0
    for n, top in enumerate(across):
        side = top.end - top.start
        if id(top) in used:
            continue
        for bottom in across[n + 1 :]:
            high = bottom.at - top.at
            if high > 1.43 * side:
                break
            if (
                id(bottom) in used
                or high < 0.7 * side
                or abs(bottom.start - top.start) + abs(bottom.end - top.end) > 2
            ):
                continue
            walls = [
                next(
                    (d for d in down if abs(d.at - x) <= near and abs(d.start - top.at) <= near
                     and abs(d.end - bottom.at) <= near and id(d) not in used), None,
                )
                for x in (top.start, top.end)
            ]  # fmt: skip
            if all(walls):
                used |= {id(r) for r in (top, bottom, *walls)}
                box = (top.start, top.at, top.end, bottom.at)
                content.drawings.append(Drawing(box, True, True, False, True))
                break
    content.rules = [r for r in content.rules if id(r) not in used]


def give_back_cells(content: PageContent) -> None:
    """Small squares that are table cells (they touch, or hold words) become ruling lines again."""
    squares = [d for d in content.drawings if d.square and not d.filled]
    cells: list[Drawing] = []
    for d in squares:
        touching = any(
            o is not d and _touch(d.bbox, o.bbox) and not centre_in(o.bbox, d.bbox, 0)
            for o in squares
        )
        worded = any(
            g.text not in TICKS and not g.text.isspace() and centre_in(g.bbox, d.bbox, 0)
            for g in content.glyphs
        )
        if touching or worded:
            cells.append(d)
    for d in cells:
        x0, y0, x1, y1 = d.bbox
        content.rules += [Rule(True, y0, x0, x1), Rule(True, y1, x0, x1),
                          Rule(False, x0, y0, y1), Rule(False, x1, y0, y1)]  # fmt: skip
    gone = {id(d) for d in cells}
    content.drawings = [d for d in content.drawings if id(d) not in gone]


def _touch(a: Bbox, b: Bbox) -> bool:
    near = 1.0
    return (
        a[0] - near <= b[2] and b[0] - near <= a[2] and a[1] - near <= b[3] and b[1] - near <= a[3]
    )


def centre_in(inner: Bbox, outer: Bbox, slack: float) -> bool:
    """Whether the centre of a box lies in another, made larger on each side by a part of it."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    dx, dy = slack * (outer[2] - outer[0]), slack * (outer[3] - outer[1])
    return outer[0] - dx <= x <= outer[2] + dx and outer[1] - dy <= y <= outer[3] + dy
