"""Pages whose text stands on its side though the page does not say so.

Such a page is read as if it were turned, and what was found is put back where it is seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from models.types import Bbox, Block, Cell, Line, Mark, Paragraph

if TYPE_CHECKING:
    from extractor.readers.pdf.pages import PageContent

P = TypeVar("P", Paragraph, Cell)

MOST = 0.7
"""The share of a page's letters that stand one way, from which on the page is turned."""
FEWEST = 20
"""A page with fewer letters keeps its way up: a stamp or a single vertical label."""

Turned = Mapping[int, tuple[int, float, float]]
"""Page → degrees it was turned clockwise, and its width and height as seen."""


def sideways(content: PageContent) -> int:
    """Degrees (90, 180, 270) by which the page must be turned clockwise to be upright; else 0."""
    ways = Counter(g.turn for g in content.glyphs if g.text.strip())
    total = sum(ways.values())
    if total < FEWEST:
        return 0
    turn, count = ways.most_common(1)[0]
    return turn if turn and count >= MOST * total else 0


def turned_page(page: Any, degrees: int) -> Any:
    """pdfplumber's page, turned clockwise."""
    import pdfplumber.page

    page.page_obj.rotate = (page.page_obj.rotate + degrees) % 360
    return pdfplumber.page.Page(page.pdf, page.page_obj, page.page_number, page.initial_doctop)


def as_seen(blocks: Sequence[Block], turned: Turned) -> list[Block]:
    """The blocks with every box on the page as it is seen, not as it was turned to be read."""
    if not turned:
        return list(blocks)
    return [_block(b, turned) for b in blocks]


def _block(block: Block, turned: Turned) -> Block:
    if isinstance(block, Paragraph):
        return _part(block, turned)
    cells = tuple(_part(c, turned) for c in block.cells)
    return replace(block, cells=cells, bbox=_box(block.bbox, block.page, turned))


def _part(part: P, turned: Turned) -> P:
    return replace(
        part,
        bbox=_box(part.bbox, part.page, turned),
        marks=tuple(_mark(m, turned) for m in part.marks),
        lines=tuple(_line(x, turned) for x in part.lines),
    )


def _mark(mark: Mark, turned: Turned) -> Mark:
    return replace(mark, bbox=_box(mark.bbox, mark.page, turned))


def _line(line: Line, turned: Turned) -> Line:
    box = _box(line.bbox, line.page, turned)
    return line if box is None else replace(line, bbox=box)


def _box(box: Bbox | None, page: int | None, turned: Turned) -> Bbox | None:
    if box is None or page is None or page not in turned:
        return box
    degrees, width, height = turned[page]
    x0, top, x1, bottom = box
    if degrees == 90:
        return (top, height - x1, bottom, height - x0)
    if degrees == 270:
        return (width - bottom, x0, width - top, x1)
    return (width - x1, height - bottom, width - x0, height - top)
