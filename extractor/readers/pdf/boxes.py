"""Tick boxes that are drawn, filled in as form fields, or ticked by an annotation.

Each becomes a glyph that carries its Mark, standing where the box stands on the page, so that
the text around it is read as if a ☑ or ☐ had been typed there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractor.readers.box_picture import SURE
from extractor.readers.pdf.fields import Annotations, Field
from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.pdf.hints import RING, THROUGH, Hint, follow, line_hints
from extractor.readers.pdf.pages import (
    Drawing,
    PageContent,
    Picture,
)
from extractor.readers.pdf.sight import Sight
from extractor.readers.pdf.squares import (
    MOST_SHAPES,
    TICKS,
    centre_in,
    give_back_cells,
    squares_of_lines,
)
from models.types import Bbox, Mark

_EMPTY = "□☐▢◻❏❐❑❒⬜◽▫○◯〇⚪"
_TYPED = "☑☒■▣●√✓✔🗹"


@dataclass(slots=True)
class _Box:
    bbox: Bbox
    ticked: bool | None
    how: str
    confidence: float
    glyph: Glyph | None = None
    """The □ of the text, where it is one."""

    def doubt(self, untold: bool) -> None:
        """Somebody drew something about it that may mean the contrary."""
        self.confidence = min(self.confidence, 0.5 if untold else 0.7)
        if untold:
            self.ticked, self.how = None, "drawing"


def place_boxes(content: PageContent, notes: Annotations, sight: Sight) -> None:
    """Puts form fields and drawn, pictured or annotated boxes into the page's glyphs, in place."""
    fields, overlays = notes.fields, notes.overlays
    for cover in notes.covers:
        _drop(content, [g for g in content.glyphs if centre_in(g.bbox, cover, 0)])
    if len(content.drawings) > MOST_SHAPES:
        content.drawings = []  # a picture drawn with lines, letters as outlines
    squares_of_lines(content)
    give_back_cells(content)
    hints = [Hint(ring, RING) for ring in _rings(content)] + line_hints(content)
    for field in fields:
        if field.ticked is None:
            _write(content, field)
    boxes = [
        _Box(g.bbox, False, "glyph", 0.95, g)
        for g in content.glyphs
        if g.text in _EMPTY and g.mark is None
    ][:MOST_SHAPES]
    drawn, loose = _drawn(content.drawings)
    boxes += [b for b in drawn if not any(centre_in(o.bbox, b.bbox, 0.2) for o in boxes)]
    for field in fields:
        if field.ticked is not None:
            boxes = [
                b for b in boxes
                if not (centre_in(b.bbox, field.bbox, 0.3) or centre_in(field.bbox, b.bbox, 0.3))
            ]  # fmt: skip
            _drop(content, [g for g in content.glyphs if g.text in _EMPTY + TICKS
                            and centre_in(g.bbox, field.bbox, 0.1)])  # fmt: skip
    used = _ticked_by_glyphs(content, boxes)
    boxes += _pictured(content, boxes, sight)
    for shape in loose:
        _tick(boxes, shape, "drawing", 0.85)
    for overlay in overlays:
        if not overlay.ticks:
            hints.append(Hint(overlay.bbox, THROUGH))
        elif _tick(boxes, overlay.bbox, "annotation", 0.9):  # a typed tick is part of the box
            used += [
                g for g in content.glyphs
                if g.text in TICKS and centre_in(g.bbox, overlay.bbox, 0)
            ]  # fmt: skip
        else:
            hints.append(Hint(overlay.bbox, RING if overlay.ring else THROUGH))
    _look_again(boxes, sight)
    _drop(content, used)
    typed = [_Typed(g) for g in content.glyphs if g.text in _TYPED and g.mark is None]
    for words in follow(hints, [*boxes, *typed], content):
        first = words[0]
        place = (first.x0 - 0.01, first.top, first.x0, first.bottom)
        doubtful = Mark(None, "drawing", 0.5, "".join(g.text for g in words), bbox=place)
        content.glyphs.append(Glyph("☐", *place, first.base, first.size, mark=doubtful))
    for box in boxes:
        mark = Mark(box.ticked, box.how, box.confidence)
        if box.glyph is None:
            _insert(content, box.bbox, mark, within=1.6)
        elif box.ticked is not False or box.confidence < 0.9:
            box.glyph.mark = mark
    for field in fields:
        if field.ticked is not None:
            mark = Mark(field.ticked, "form-field", field.confidence)
            _insert(content, field.bbox, mark, within=None)


@dataclass(slots=True)
class _Typed:
    """A tick or a ticked box typed as a character."""

    glyph: Glyph

    @property
    def bbox(self) -> Bbox:
        return self.glyph.bbox

    def doubt(self, untold: bool) -> None:
        ticked = None if untold else self.glyph.text not in "☒⊠"
        self.glyph.mark = Mark(ticked, "glyph", 0.5)


# ------------------------------------------------------------------ what is drawn


def _rings(content: PageContent) -> list[Bbox]:
    """Rings drawn round words, also those that are no larger than a tick box."""
    words = [g for g in content.glyphs if g.text.isalnum() and g.text not in TICKS + _EMPTY]
    small = [
        d for d in content.drawings
        if d.outline and not d.square and any(centre_in(g.bbox, d.bbox, -0.1) for g in words)
    ]  # fmt: skip
    gone = {id(d) for d in small}
    content.drawings = [d for d in content.drawings if id(d) not in gone]
    return [*content.rings, *(d.bbox for d in small)]


def _pictured(content: PageContent, boxes: list[_Box], sight: Sight) -> list[_Box]:
    """Pictures over a box tick it; others beside words are looked at.

    A picture before a line may be a bullet: it counts where another one, or a box, stands on its
    line, or where such pictures differ.
    """
    free: list[Picture] = []
    for picture in content.pictures[:MOST_SHAPES]:
        if not _tick(boxes, picture.bbox, "picture", 0.8):
            free.append(picture)
    out: list[_Box] = []
    for picture in free:
        x0, top, x1, bottom = picture.bbox
        if not 0.5 <= (x1 - x0) / max(bottom - top, 0.1) <= 2:
            continue
        middle = (top + bottom) / 2
        beside = any(b.bbox[1] < middle < b.bbox[3] for b in boxes)
        alike = [
            p for p in free
            if p is not picture and abs((p.bbox[3] - p.bbox[1]) - (bottom - top)) <= 3
        ]  # fmt: skip
        same_line = any(p.bbox[1] < middle < p.bbox[3] for p in alike)
        below = any(abs(p.bbox[0] - x0) <= 3 and p.key != picture.key for p in alike)
        if beside or same_line or below:
            told = sight.ticked(picture.bbox)
            out.append(_Box(picture.bbox, told, "picture", 0.5 if told is None else SURE))
    return out


def _drawn(drawings: Sequence[Drawing]) -> tuple[list[_Box], list[Bbox]]:
    """Boxes and circles, ticked where something is drawn in them; and the shapes left over."""
    frames: list[list[Drawing]] = []
    for d in sorted((d for d in drawings if d.outline), key=lambda d: -_area(d.bbox)):
        home = next((f for f in frames if centre_in(d.bbox, f[0].bbox, -0.3)), None)
        if home is None:
            frames.append([d])
        else:
            home.append(d)
    rest = [d for d in drawings if not d.outline]
    boxes: list[_Box] = []
    for frame in frames:
        big = frame[0]
        alike = [d for d in frame if _area(d.bbox) >= 0.6 * _area(big.bbox)]
        inner = [d for d in frame if d not in alike and (d.dark or any(a.dark for a in alike))]
        if not any(d.dark for d in frame):
            continue  # nothing to be seen
        strokes = [d for d in rest if _marks_box(d.bbox, big.bbox)]
        solid = [d for d in alike if d.filled and d.dark]
        blank = [d for d in alike if d.filled and not d.dark]
        # a dark fill under a nearly equal light one, or painted as a ring, is a border
        full = bool(solid) and not blank and not _ring(solid)
        ticked = bool(inner or strokes) or full
        sure = 0.93 if not full or inner or strokes else 0.8
        boxes.append(_Box(big.bbox, ticked, "drawing", sure))
        rest = [d for d in rest if d not in strokes]
    return boxes, [d.bbox for d in rest if d.dark]


def _ring(solid: list[Drawing]) -> bool:
    return len(solid) >= 2 and solid[0].bbox != solid[1].bbox


def _area(box: Bbox) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _marks_box(shape: Bbox, box: Bbox) -> bool:
    side = max(box[2] - box[0], box[3] - box[1])
    large = max(shape[2] - shape[0], shape[3] - shape[1])
    return 0.3 * side <= large <= 3.0 * side and centre_in(shape, box, 0.35)


# ------------------------------------------------------------------ what ticks a box


def _ticked_by_glyphs(content: PageContent, boxes: list[_Box]) -> list[Glyph]:
    """Ticks typed over a box; returns them, for they are part of the box."""
    used: list[Glyph] = []
    for glyph in content.glyphs:
        if glyph.text not in TICKS:
            continue
        for box in boxes:
            if box.glyph is not glyph and centre_in(glyph.bbox, box.bbox, 0.15):
                box.ticked, box.confidence = True, 0.95
                used.append(glyph)
                break
    return used


def _tick(boxes: list[_Box], shape: Bbox, how: str, confidence: float) -> bool:
    """The box that a shape is drawn over, the nearest one, is ticked; whether there is one."""
    hit = [b for b in boxes if _marks_box(shape, b.bbox)]
    if not hit:
        return False
    x, y = (shape[0] + shape[2]) / 2, (shape[1] + shape[3]) / 2
    box = min(hit, key=lambda b: abs((b.bbox[0] + b.bbox[2]) / 2 - x)
              + abs((b.bbox[1] + b.bbox[3]) / 2 - y))  # fmt: skip
    box.ticked, box.how, box.confidence = True, how, confidence
    return True


FULL, FULLER = 0.5, 2.0
"""Part of a drawn box that is ink where it is filled; times that of the least filled one."""


def _look_again(boxes: Sequence[_Box], sight: Sight) -> None:
    """Drawn boxes that nothing seems to tick are looked at, where they are not all alike.

    A thick line, a pattern or a gradient fills a box without any shape of its own in it.
    """
    drawn = [b for b in boxes if b.glyph is None and b.how == "drawing"]
    bare = [b for b in drawn if b.ticked is False]
    sides = [b.bbox[2] - b.bbox[0] for b in bare]
    if len(bare) < 2 or (len(bare) < len(drawn) and max(sides) < 1.15 * min(sides)):
        return
    seen = [(b, sight.ink(b.bbox)) for b in bare]
    least = min((ink for _, ink in seen if ink is not None), default=0.0)
    for box, ink in seen:
        if ink is not None and ink >= max(FULL, FULLER * least):
            box.ticked, box.confidence = True, 0.9


# ------------------------------------------------------------------ into the text


def _neighbour(content: PageContent, box: Bbox) -> tuple[Glyph | None, float]:
    """The nearest glyph on the box's line, and how far away it is."""
    best, far = None, float("inf")
    for glyph in content.glyphs:
        if glyph.turn or glyph.mark or glyph.text.isspace():
            continue
        overlap = min(box[3], glyph.bottom) - max(box[1], glyph.top)
        if overlap < 0.4 * min(box[3] - box[1], glyph.size):
            continue
        gap = max(glyph.x0 - box[2], box[0] - glyph.x1, 0.0)
        if gap < far:
            best, far = glyph, gap
    return best, far


def _insert(content: PageContent, box: Bbox, mark: Mark, within: float | None) -> None:
    near, gap = _neighbour(content, box)
    side = box[3] - box[1]
    if within is not None and (
        near is None or gap > within * near.size or not 0.45 * near.size <= side <= 1.9 * near.size
    ):
        return  # a square that no words belong to
    if near is not None and gap <= 6 * near.size and 0.3 < near.size / max(side, 0.1) < 3:
        base, size = near.base, near.size
    else:
        size = min(side, 14.0)
        base = (box[1] + box[3]) / 2 + 0.38 * size
    content.glyphs.append(Glyph("☐", *box, base, size, mark=replace(mark, bbox=box)))


def _drop(content: PageContent, glyphs: Sequence[Glyph]) -> None:
    gone = {id(g) for g in glyphs}
    content.glyphs = [g for g in content.glyphs if id(g) not in gone]


def _write(content: PageContent, field: Field) -> None:
    """A text field's value, at its rectangle, unless the page itself shows it."""
    x0, top, x1, bottom = field.bbox
    shown = "".join(g.text for g in content.glyphs if centre_in(g.bbox, field.bbox, 0))
    wanted = "".join(field.text.split())
    if not wanted or wanted in "".join(shown.split()):
        return
    lines = field.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    height = bottom - top
    size = field.size or max(4.0, min(12.0, 0.75 * height / len(lines)))
    broken: list[str] = []
    for line in lines:
        current, used = "", 0.0
        for char in line:
            width = size * (0.5 if char < "\u2e80" else 1.0)
            if field.multiline and current and used + width > x1 - x0 - 2:
                broken.append(current)
                current, used = "", 0.0
            current, used = current + char, used + width
        broken.append(current)
    step = min(1.2 * size, height / len(broken))
    start = top + 0.1 * size if field.multiline else (top + bottom - step * len(broken)) / 2
    for number, line in enumerate(broken):
        widths = [size * (0.5 if c < "\u2e80" else 1.0) for c in line]
        scale = min(1.0, (x1 - x0 - 2) / sum(widths)) if widths and sum(widths) else 1.0
        at, y = x0 + 1, start + number * step
        near, gap = _neighbour(content, (x0, y, x1, y + size))
        one = len(broken) == 1 and near is not None and gap < 3 * size
        base = near.base if one and near is not None else y + 0.88 * size
        for char, width in zip(line, widths, strict=True):
            content.glyphs.append(
                Glyph(char, at, base - 0.88 * size, at + width * scale, base + 0.12 * size,
                      base, size)
            )  # fmt: skip
            at += width * scale
