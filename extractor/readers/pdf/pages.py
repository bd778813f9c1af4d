"""What stands on one PDF page: glyphs, ruling lines, small boxes, filled areas, pictures.

The page is interpreted once, by pdfminer through pdfplumber's device (which knows marked
content). All coordinates that leave this module are points from the visible page's top left,
after /Rotate and /CropBox.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from extractor.readers.pdf.device import interpret
from extractor.readers.pdf.glyphs import Glyph, deduplicated, plain
from extractor.readers.pdf.layers import Layers
from models.types import Bbox

if TYPE_CHECKING:
    from pdfplumber.page import Page

THIN = 3.2
"""A rectangle no thicker than this is a drawn line (Word's thickest common border is 3 pt)."""
SMALLEST_BOX, LARGEST_BOX = 4.5, 20.0
"""Sides of a drawn tick box, in points."""
LARGEST_PICTURE = 40.0
"""Of a tick, in points."""
LARGEST_LETTER = 24.0
WIDEST_RING, HIGHEST_RING = 220.0, 60.0
ASKEW = 10.0
"""Degrees by which no line of a form is out of true."""
MOST_FILLS = 1000
"""Filled areas of one page that are kept."""


@dataclass(slots=True)
class Rule:
    """A straight ruling line; `at` is its y (horizontal) or x (vertical)."""

    horizontal: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class Drawing:
    """A path that is neither line nor cell: a candidate for a tick or a tick box."""

    bbox: Bbox
    square: bool
    """A rectangle with about equal sides."""
    outline: bool
    """Its points lie along its box: a square, a rounded one or a circle."""
    filled: bool
    dark: bool


@dataclass(slots=True)
class Picture:
    """A small picture; pictures of the same `key` are the same."""

    bbox: Bbox
    key: int


@dataclass(slots=True)
class PageContent:
    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)
    fills: list[Bbox] = field(default_factory=list)
    """Areas filled with something other than white."""
    images: list[Bbox] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    """Those of the images that are small enough for a tick or a tick box."""
    rings: list[Bbox] = field(default_factory=list)
    """Ellipses larger than a tick box, drawn in outline."""
    borrowed: set[str] = field(default_factory=set)
    """Fonts of the page that the file does not bring along."""
    invisible: int = 0
    """Characters left out because nobody can see them."""
    letters: list[Bbox] = field(default_factory=list)
    """Filled shapes and pictures of the size of letters."""
    outlines: int = 0
    """Filled shapes that are neither lines nor areas: letters turned into outlines look so."""
    struct_parents: int | None = None


def white(colour: Any) -> bool:
    """Whether a PDF colour (gray, RGB or CMYK components) is as good as white."""
    parts = colour if isinstance(colour, (tuple, list)) else (colour,)
    try:
        numbers = [float(p) for p in parts if p is not None]
    except (TypeError, ValueError):
        return False
    if len(numbers) == 4:
        return max(numbers) <= 0.03
    return len(numbers) in (1, 3) and min(numbers) >= 0.97


# ------------------------------------------------------------------ one page


def _leaves(container: Any) -> Iterator[Any]:
    from pdfminer.layout import LTFigure

    for item in container:
        if isinstance(item, LTFigure):
            yield from _leaves(item)
        else:
            yield item


def read_page(page: Page, layers: Layers | None = None) -> PageContent:
    """What can be seen on a pdfplumber page. Raises whatever pdfminer raises on a broken page."""
    from pdfminer.layout import LTChar, LTCurve, LTImage, LTLine, LTRect

    layout, hidden = interpret(page, layers or Layers())
    left, top, right, bottom = visible_area(page)
    content = PageContent(page.page_number, right - left, bottom - top)
    parents = page.page_obj.attrs.get("StructParents")
    content.struct_parents = parents if isinstance(parents, int) else None
    content.invisible = hidden
    height = layout.height
    chars = _Painted()
    pale: list[Rule] = []
    last_fill: tuple[Bbox, Any] | None = None
    for item in _leaves(layout):
        if isinstance(item, LTChar):
            chars.add(item)
            continue
        box = (item.x0 - left, height - item.y1 - top, item.x1 - left, height - item.y0 - top)
        seen = getattr(item, "seen", (item.x0, item.y0, item.x1, item.y1))
        if _hides(item):
            content.invisible += chars.cover(seen)
        if isinstance(item, LTImage):
            x0, y0, x1, y1 = seen
            place = (x0 - left, height - y1 - top, x1 - left, height - y0 - top)
            content.images.append(place)
            if 3 <= max(x1 - x0, y1 - y0) <= LARGEST_PICTURE:
                key = hash(item.stream.rawdata) if item.stream.rawdata else item.stream.objid
                content.pictures.append(Picture(place, key or 0))
            if 5 <= y1 - y0 <= LARGEST_LETTER and x1 - x0 <= 12 * (y1 - y0):
                content.letters.append(place)
        elif isinstance(item, (LTLine, LTRect, LTCurve)):
            points = [(x - left, height - y - top) for x, y in item.pts]
            kind = "line" if isinstance(item, LTLine) else "curve"
            kind = "rect" if isinstance(item, LTRect) else kind
            last_fill = _path(content, item, kind, box, points, last_fill, pale)
    for rule in pale:  # a white line is a line only where it crosses something coloured
        x, y = ((rule.start + rule.end) / 2, rule.at)[:: 1 if rule.horizontal else -1]
        if any(f[0] <= x <= f[2] and f[1] <= y <= f[3] for f in content.fills):
            content.rules.append(rule)
    glyphs: list[Glyph] = []
    written = chars.left()
    askew = {id(c) for c in written if _askew(c)}
    if 2 * len(askew) > len(written):  # then it is the page that lies askew
        askew = set()
    for char in written:
        if id(char) in askew:
            continue
        glyph = _glyph(char, left, top, height)
        if glyph is None or not _seen(char, glyph, content):
            content.invisible += 1
        else:
            glyphs.append(glyph)
            if not char.embedded:
                content.borrowed.add(glyph.font)
    content.glyphs = deduplicated(glyphs)
    return content


class _Painted:
    """Characters painted so far, found again by their height on the page."""

    _STEP = 24.0

    def __init__(self) -> None:
        self._all: list[Any] = []
        self._rows: dict[int, list[Any]] = {}

    def add(self, char: Any) -> None:
        self._all.append(char)
        self._rows.setdefault(int(char.y0 // self._STEP), []).append(char)

    def cover(self, box: Bbox) -> int:
        """Takes away the characters that lie under this box; how many they were."""
        x0, y0, x1, y1 = box
        gone = 0
        low, high = y0 // self._STEP - 1, y1 // self._STEP
        for row in [row for row in self._rows if low <= row <= high]:
            chars = self._rows[row]
            kept = [
                c for c in chars
                if not (x0 <= 0.8 * c.x0 + 0.2 * c.x1 and 0.2 * c.x0 + 0.8 * c.x1 <= x1
                        and y0 <= 0.7 * c.y0 + 0.3 * c.y1 and 0.3 * c.y0 + 0.7 * c.y1 <= y1)
            ]  # fmt: skip
            if len(kept) < len(chars):
                lost = {id(c) for c in chars} - {id(c) for c in kept}
                gone += len(lost)
                self._all = [c for c in self._all if id(c) not in lost]
                self._rows[row] = kept
        return gone

    def left(self) -> list[Any]:
        """The characters nothing was painted over, in painting order."""
        return self._all


def _hides(item: Any) -> bool:
    """Whether an item hides what was painted before it: a filled rectangle, a picture."""
    from pdfminer.layout import LTImage, LTRect

    if not getattr(item, "opaque", False):
        return False
    if isinstance(item, LTImage):
        attributes = item.stream.attrs
        return not any(key in attributes for key in ("SMask", "Mask", "ImageMask", "SMaskInData"))
    if not isinstance(item, LTRect) or not item.fill or min(item.width, item.height) < 3:
        return False
    colour = item.non_stroking_color
    parts = colour if isinstance(colour, (tuple, list)) else (colour,)
    return all(isinstance(part, (int, float)) for part in parts)  # no pattern


def visible_area(page: Page) -> Bbox:
    """The crop box in the coordinates of pdfminer's page, from its media box's top left."""
    obj = page.page_obj
    x0, y0, x1, y1 = _ordered(obj.mediabox)
    try:
        crop = _ordered([float(v) for v in obj.cropbox])
    except (TypeError, ValueError):
        crop = (x0, y0, x1, y1)
    a0, b0, a1, b1 = max(crop[0], x0), max(crop[1], y0), min(crop[2], x1), min(crop[3], y1)
    if a1 - a0 < 1 or b1 - b0 < 1:  # a crop box beside the page counts as none
        return _turned(page, (x0, y0, x1, y1))
    return _turned(page, (a0, b0, a1, b1))


def on_page(page: Page, rectangle: Any) -> Bbox:
    """A rectangle of the file (of an annotation) as a box on the visible page."""
    left, top, _, _ = visible_area(page)
    a0, b0, a1, b1 = _turned(page, _ordered(rectangle))
    return (a0 - left, b0 - top, a1 - left, b1 - top)


def _turned(page: Page, box: Bbox) -> Bbox:
    x0, y0, x1, y1 = _ordered(page.page_obj.mediabox)
    a0, b0, a1, b1 = box
    turn = page.page_obj.rotate % 360
    if turn == 90:
        return (b0 - y0, a0 - x0, b1 - y0, a1 - x0)
    if turn == 180:
        return (x1 - a1, b0 - y0, x1 - a0, b1 - y0)
    if turn == 270:
        return (y1 - b1, x1 - a1, y1 - b0, x1 - a0)
    return (a0 - x0, y1 - b1, a1 - x0, y1 - b0)


def _ordered(box: Any) -> Bbox:
    x0, y0, x1, y1 = box
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _glyph(char: Any, left: float, top: float, height: float) -> Glyph | None:
    a, b, c, d, e, f = char.matrix
    x0, x1 = char.x0 - left, char.x1 - left
    y0, y1 = height - char.y1 - top, height - char.y0 - top
    text = plain(char.get_text())
    if abs(a) + abs(b) >= abs(c) + abs(d) or abs(a) > 1e-9 or abs(b) > 1e-9:
        turn = round(math.degrees(math.atan2(b, a)) / 90) * 90 % 360
    else:
        turn = 0
    size = (y1 - y0) if turn in (0, 180) else (x1 - x0)
    if size < 0.5 or not text or text in "\r\n\0":
        return None
    if char.vertical:  # vertical writing: the origin is not on a baseline
        base = y1 - 0.12 * size
    else:
        rise = char.rise
        x, y = e + c * rise - left, height - (f + d * rise) - top
        base = {0: y, 180: -y, 90: x, 270: -x}[turn]
        # the font's own descent is often wrong: one box for every font of a size
        if turn == 0:
            y0, y1 = base - 0.88 * size, base + 0.12 * size
    if text.startswith("(cid:"):
        text = "\ufffd"
    return Glyph(
        text, x0, y0, x1, y1, base, size, str(char.fontname), turn,
        getattr(char, "mcid", None), getattr(char, "artifact", False),
        code=char.code,
    )  # fmt: skip


def _askew(char: Any) -> bool:
    """Whether a character is turned by no quarter: a watermark or a stamp, laid over the text."""
    a, b = char.matrix[:2]
    off = math.degrees(math.atan2(b, a)) % 90
    return ASKEW < off < 90 - ASKEW


def _seen(char: Any, glyph: Glyph, content: PageContent) -> bool:
    """Whether a reader of the page can see this character."""
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    if not (-1 <= x <= content.width + 1 and -1 <= y <= content.height + 1):
        return False
    if white(char.graphicstate.ncolor):
        return any(f[0] <= x <= f[2] and f[1] <= y <= f[3] for f in content.fills + content.images)
    return True


def _path(
    content: PageContent,
    item: Any,
    kind: str,
    box: Bbox,
    points: list[tuple[float, float]],
    last_fill: tuple[Bbox, Any] | None,
    pale: list[Rule],
) -> tuple[Bbox, Any] | None:
    """Sort one painted path into rules, fills and drawings; returns the last filled box."""
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    stroked, filled = bool(item.stroke), bool(item.fill)
    if not stroked and not filled:
        return last_fill
    light = white(item.stroking_color if stroked else item.non_stroking_color)
    sink = pale if light else content.rules
    thick, length = min(width, height), max(width, height)
    drawn = thick <= (1.5 if kind == "curve" else THIN)
    if drawn and (length > THIN or (thick <= 1.0 and length >= 1.5)):
        horizontal = width >= height
        at = (y0 + y1) / 2 if horizontal else (x0 + x1) / 2
        sink.append(Rule(horizontal, at, *((x0, x1) if horizontal else (y0, y1))))
        return last_fill
    if kind == "curve" and filled:
        content.outlines += 1
        if not light and 3 <= height <= LARGEST_LETTER and len(content.letters) < MOST_FILLS:
            content.letters.append(box)
    small = SMALLEST_BOX <= width <= LARGEST_BOX and SMALLEST_BOX <= height <= LARGEST_BOX
    if max(width, height) <= LARGEST_BOX + 4:
        square = kind == "rect" and small and 0.7 <= width / height <= 1.43
        outline = square or (kind == "curve" and small and _outline(points, box))
        content.drawings.append(Drawing(box, square, outline, filled and not stroked, not light))
        if square or kind != "rect":
            return last_fill
    if kind == "curve" and stroked and not filled and not light and _ring(points, box):
        content.rings.append(box)
        return last_fill
    if stroked:
        corners = [*points, points[0]] if kind == "rect" or filled else points
        for (ax, ay), (bx, by) in pairwise(corners):
            if abs(ay - by) <= 0.7 < abs(ax - bx):
                sink.append(Rule(True, (ay + by) / 2, min(ax, bx), max(ax, bx)))
            elif abs(ax - bx) <= 0.7 < abs(ay - by):
                sink.append(Rule(False, (ax + bx) / 2, min(ay, by), max(ay, by)))
    if filled:
        if last_fill is not None and _frame(last_fill, box, item):
            outer = last_fill[0]
            ring = [(o + i) / 2 for o, i in zip(outer, box, strict=True)]
            content.rules += [
                Rule(True, ring[1], ring[0], ring[2]), Rule(True, ring[3], ring[0], ring[2]),
                Rule(False, ring[0], ring[1], ring[3]), Rule(False, ring[2], ring[1], ring[3]),
            ]  # fmt: skip
            if content.fills and content.fills[-1] == outer:
                content.fills.pop()
            return None
        if not white(item.non_stroking_color) and len(content.fills) < MOST_FILLS:
            content.fills.append(box)
        return (box, item)
    return last_fill


def _outline(points: list[tuple[float, float]], box: Bbox) -> bool:
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    if len(points) < 4 or not 0.7 <= width / height <= 1.43:
        return False
    sides = set()
    for x, y in points:
        gaps = ((x - x0) / width, (x1 - x) / width, (y - y0) / height, (y1 - y) / height)
        if min(gaps) > 0.2:
            return False
        sides |= {i for i, gap in enumerate(gaps) if gap <= 0.05}
    return len(sides) == 4


def _ring(points: list[tuple[float, float]], box: Bbox) -> bool:
    """Whether a path goes round as an ellipse does, drawn by hand perhaps."""
    x0, y0, x1, y1 = box
    a, b = (x1 - x0) / 2, (y1 - y0) / 2
    if len(points) < 4 or not (a and b) or 2 * a > WIDEST_RING or 2 * b > HIGHEST_RING:
        return False
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    away = [((x - middle[0]) / a) ** 2 + ((y - middle[1]) / b) ** 2 for x, y in points]
    quarters = {(x > middle[0], y > middle[1]) for x, y in points}
    return all(0.4 <= d <= 1.5 for d in away) and len(quarters) >= 3


def _frame(outer: tuple[Bbox, Any], inner: Bbox, item: Any) -> bool:
    """Two filled rectangles, one just inside the other, painted as one path: a border."""
    (a0, b0, a1, b1), path = outer
    gaps = (inner[0] - a0, inner[1] - b0, a1 - inner[2], b1 - inner[3])
    return (
        all(0 < gap <= THIN for gap in gaps) and path.non_stroking_color == item.non_stroking_color
    )
