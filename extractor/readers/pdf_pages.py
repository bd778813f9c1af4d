"""What stands on one PDF page: glyphs, ruling lines, small boxes, filled areas, pictures.

The page is interpreted once, by pdfminer through pdfplumber's device (which knows marked
content). All coordinates that leave this module are points from the visible page's top left,
after /Rotate and /CropBox.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from extractor.readers.pdf_glyphs import Glyph, deduplicated, plain
from models.types import Bbox

if TYPE_CHECKING:
    from pdfplumber.page import Page

THIN = 3.2
"""A rectangle no thicker than this is a drawn line (Word's thickest common border is 3 pt)."""
SMALLEST_BOX, LARGEST_BOX = 4.5, 20.0
"""Sides of a drawn tick box, in points."""
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
    invisible: int = 0
    """Characters left out because nobody can see them."""
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


# ------------------------------------------------------------------ the device


@lru_cache(maxsize=1)
def _device_class() -> type[Any]:
    from pdfminer.pdftypes import resolve1
    from pdfplumber.page import PDFPageAggregatorWithMarkedContent

    class Device(PDFPageAggregatorWithMarkedContent):  # type: ignore[misc,unused-ignore]
        """Keeps the stack of marked content and the text render mode, which pdfminer drops."""

        hidden = 0

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._content: list[tuple[str | None, int | None, bool]] = []
            self._artifact = False
            self._unseen = False

        def begin_tag(self, tag: Any, props: Any = None) -> None:
            self._content.append((self.cur_tag, self.cur_mcid, self._artifact))
            self.cur_tag = str(tag.name)
            props = resolve1(props)
            if isinstance(props, dict) and isinstance(props.get("MCID"), int):
                self.cur_mcid = props["MCID"]
            self._artifact = self._artifact or self.cur_tag == "Artifact"

        def end_tag(self) -> None:
            if self._content:
                self.cur_tag, self.cur_mcid, self._artifact = self._content.pop()

        def tag_cur_item(self) -> None:
            if self.cur_item._objs:
                item: Any = self.cur_item._objs[-1]
                item.mcid, item.artifact = self.cur_mcid, self._artifact

        def render_string(self, textstate: Any, *args: Any) -> None:
            self._unseen = textstate.render in (3, 7)
            super().render_string(textstate, *args)

        def render_char(self, *args: Any, **kwargs: Any) -> float:
            advance = super().render_char(*args, **kwargs)
            if self._unseen:
                self.cur_item._objs.pop()
                self.hidden += 1
            else:
                item: Any = self.cur_item._objs[-1]
                item.rise = args[4]
                item.vertical = args[1].is_vertical()
            return float(advance)

    return Device


def _leaves(container: Any) -> Iterator[Any]:
    from pdfminer.layout import LTFigure

    for item in container:
        if isinstance(item, LTFigure):
            yield from _leaves(item)
        else:
            yield item


# ------------------------------------------------------------------ one page


def read_page(page: Page) -> PageContent:
    """Everything on a pdfplumber page. Raises whatever pdfminer raises on a broken page."""
    from pdfminer.layout import LTChar, LTCurve, LTImage, LTLine, LTRect
    from pdfminer.pdfinterp import PDFPageInterpreter

    device = _device_class()(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    layout = device.get_result()
    left, top, right, bottom = visible_area(page)
    content = PageContent(page.page_number, right - left, bottom - top)
    parents = page.page_obj.attrs.get("StructParents")
    content.struct_parents = parents if isinstance(parents, int) else None
    content.invisible = device.hidden
    height = layout.height
    chars: list[Any] = []
    pale: list[Rule] = []
    last_fill: tuple[Bbox, Any] | None = None
    for item in _leaves(layout):
        if isinstance(item, LTChar):
            chars.append(item)
            continue
        box = (item.x0 - left, height - item.y1 - top, item.x1 - left, height - item.y0 - top)
        if isinstance(item, LTImage):
            content.images.append(box)
            if _covers(item, box, content):
                content.invisible += len(chars)
                chars.clear()
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
    for char in chars:
        glyph = _glyph(char, left, top, height)
        if glyph is None or not _seen(char, glyph, content):
            content.invisible += 1
        else:
            glyphs.append(glyph)
    content.glyphs = deduplicated(glyphs)
    return content


def _covers(image: Any, box: Bbox, content: PageContent) -> bool:
    """An opaque picture over nearly the whole page: the text painted before it is not seen."""
    area = (box[2] - box[0]) * (box[3] - box[1])
    attributes = image.stream.attrs
    clear = any(key in attributes for key in ("SMask", "Mask", "ImageMask", "SMaskInData"))
    return not clear and area > 0.7 * content.width * content.height


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
    )  # fmt: skip


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
    small = SMALLEST_BOX <= width <= LARGEST_BOX and SMALLEST_BOX <= height <= LARGEST_BOX
    if max(width, height) <= LARGEST_BOX + 4:
        square = kind == "rect" and small and 0.7 <= width / height <= 1.43
        outline = square or (kind == "curve" and small and _outline(points, box))
        content.drawings.append(Drawing(box, square, outline, filled and not stroked, not light))
        if square or kind != "rect":
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


def _frame(outer: tuple[Bbox, Any], inner: Bbox, item: Any) -> bool:
    """Two filled rectangles, one just inside the other, painted as one path: a border."""
    (a0, b0, a1, b1), path = outer
    gaps = (inner[0] - a0, inner[1] - b0, a1 - inner[2], b1 - inner[3])
    return (
        all(0 < gap <= THIN for gap in gaps) and path.non_stroking_color == item.non_stroking_color
    )
