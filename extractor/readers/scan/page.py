"""A page's picture put upright: the forms of it that its readers need, and its lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from extractor.readers.pdf.pages import Rule
from extractor.readers.scan.faint import between, faint_walls, whole
from extractor.readers.scan.image import (
    PagePicture,
    flattened,
    layout_unit,
    skew,
    turned,
    without_grey_seals,
    without_seals,
)
from extractor.readers.scan.lines import find_lines, without_edges
from extractor.readers.scan.ocr import Engine, Read
from extractor.readers.scan.photo import Flat, flat
from extractor.readers.scan.walls import crossed
from models.types import Bbox

READABLE = 0.85
"""Mean certainty of a few lines below which a page may stand on its head."""

BROKEN = 4
"""Parts of lines that are lost, from which on the page's lines are broken."""


SAME_LINE = (0.8, 0.4)
"""Parts of the narrower box's width and of the lower one's height that two boxes of one line of
text share, at least; boxes of two lines reach into one another by less."""


class Upright:
    """The page turned upright. Boxes are points of it; `back` leads to the page as shown."""

    def __init__(self, shown: PagePicture, flat: Flat, angle: float, quarters: int) -> None:
        import numpy as np

        picture, self.angle, self.quarters = flat.picture, angle, quarters
        self.per_point = picture.pixels.shape[1] / (picture.width * layout_unit(picture))
        self.pixels, matrix = turned(picture.pixels, angle, quarters)
        gray, self.seal = without_seals(self.pixels, self.per_point)
        self.even = flattened(gray, self.per_point)
        if self.seal is None:
            self.even, self.seal = without_grey_seals(self.even, self.per_point)
        self.rules, self.lines = find_lines(self.even, self.per_point)
        slant = float(np.tan(np.radians(angle)))
        self.rules += faint_walls(self.even, self.rules, self.per_point, slant)
        rest = whole(self.even, self.rules, self.per_point)
        self.rules += rest
        self.broken = len(rest) >= BROKEN
        height, width = (side / self.per_point for side in self.even.shape)
        self.rules = without_edges(self.rules, width, height)
        self.bare = self.even.copy()
        self.bare[self.lines] = 255
        self.width = self.even.shape[1] / self.per_point
        self.height = self.even.shape[0] / self.per_point
        onto_flat = np.vstack([np.asarray(matrix, dtype=float), [0, 0, 1]])
        to_pixels = np.diag([self.per_point, self.per_point, 1.0])
        high, wide = shown.pixels.shape[:2]
        to_points = np.diag([shown.width / wide, shown.height / high, 1.0])
        back = to_points @ flat.back @ onto_flat @ to_pixels
        self.back = tuple(float(v) for v in (back / back[2, 2]).ravel())
        self.read: dict[Bbox, Read] = {}
        """What boxes say that were read to tell whether the page stands on its head."""

    @cached_property
    def smooth(self) -> Any:
        """The page with its ruling lines and without specks: another look at the same text."""
        import cv2

        return cv2.medianBlur(self.even, 3) if self.per_point >= 2.6 else self.even

    def crop(self, box: Bbox, source: Any) -> Any:
        """The pixels of a box, as BGR."""
        import cv2

        part = self.part(box, source)
        return part if part.ndim == 3 else cv2.cvtColor(part, cv2.COLOR_GRAY2BGR)

    def part(self, box: Bbox, source: Any) -> Any:
        """The pixels of a box, as they are; at least two both ways."""
        k = self.per_point
        height, width = source.shape[:2]
        x0, y0 = min(max(int(box[0] * k), 0), width - 2), min(max(int(box[1] * k), 0), height - 2)
        x1, y1 = min(round(box[2] * k), width), min(round(box[3] * k), height)
        return source[y0 : max(y1, y0 + 2), x0 : max(x1, x0 + 2)]

    def ink(self, box: Bbox, *, bare: bool = True) -> Any:
        """Which pixels of a box are ink; without ruling lines where `bare`."""
        return self.part(box, self.bare if bare else self.even) < 150

    def sealed(self, box: Bbox) -> float:
        """The part of a box that a seal's ink covers."""
        return 0.0 if self.seal is None else float(self.part(box, self.seal).mean())

    def end_at_words(self, boxes: Sequence[Bbox]) -> None:
        """Gives back to words of a row those strokes that were taken for the end of a wall."""
        k = self.per_point
        for rule, top, bottom in crossed(self.even, self.rules, boxes, k):
            rows = slice(round((top + 1) * k), round((bottom - 1) * k))
            columns = slice(round((rule.at - 1.5) * k), round((rule.at + 1.5) * k) + 1)
            self.bare[rows, columns] = self.even[rows, columns]
            ends = (rule.start, min(rule.end, top)), (max(rule.start, bottom), rule.end)
            parts = [Rule(False, rule.at, a, b) for a, b in ends if b - a > 0]
            self.rules = [r for r in self.rules if r is not rule] + parts

    def detect(self, engine: Engine) -> list[Bbox]:
        """The boxes round the lines of text."""
        import cv2

        k = self.per_point
        found = engine.detect(cv2.cvtColor(self.bare, cv2.COLOR_GRAY2BGR))
        return as_lines([(x0 / k, y0 / k, x1 / k, y1 / k) for x0, y0, x1, y1 in found])


def as_lines(boxes: Sequence[Bbox]) -> list[Bbox]:
    """One box where several lie on one line of text: the detector now and then finds the upper
    and the lower half of a line, or a part of it once more."""
    out: list[Bbox] = []
    for box in sorted(boxes, key=lambda b: b[0] - b[2]):
        for n, own in enumerate(out):
            across = min(own[2], box[2]) - max(own[0], box[0])
            down = min(own[3], box[3]) - max(own[1], box[1])
            low = min(own[3] - own[1], box[3] - box[1])
            if across > SAME_LINE[0] * (box[2] - box[0]) and down > SAME_LINE[1] * low:
                out[n] = (
                    min(own[0], box[0]), min(own[1], box[1]),
                    max(own[2], box[2]), max(own[3], box[3]),
                )  # fmt: skip
                break
        else:
            out.append(box)
    return sorted(out, key=lambda b: (b[1], b[0]))


def upright(picture: PagePicture, engine: Engine) -> tuple[Upright, list[Bbox]]:
    """The page flat, with its text level and the right way up, and the boxes of its lines."""
    import cv2

    put_flat = flat(picture)
    angle = skew(cv2.cvtColor(put_flat.picture.pixels, cv2.COLOR_BGR2GRAY))
    page = Upright(picture, put_flat, angle, 0)
    boxes = page.detect(engine)
    if _sideways(boxes):
        page = Upright(picture, put_flat, angle, 1)
        boxes = page.detect(engine)
    if _upside_down(page, boxes, engine):
        page = Upright(picture, put_flat, angle, (page.quarters + 2) % 4)
        boxes = page.detect(engine)
    if page.broken:
        page.rules += between(page.even, page.rules, boxes, page.per_point)
    else:
        page.end_at_words(boxes)
    return page, boxes


def _sideways(boxes: list[Bbox]) -> bool:
    """Whether more text runs up or down the page than across it."""
    across = sum(b[2] - b[0] for b in boxes if b[2] - b[0] > 1.6 * (b[3] - b[1]))
    down = sum(b[3] - b[1] for b in boxes if b[3] - b[1] > 1.6 * (b[2] - b[0]))
    return down > 1.5 * across


def _upside_down(page: Upright, boxes: list[Bbox], engine: Engine) -> bool:
    """Whether a few lines are read with more certainty the other way round."""
    import numpy as np

    def fit(box: Bbox) -> float:
        return abs((box[2] - box[0]) / max(box[3] - box[1], 1.0) - 7)

    some = sorted((b for b in boxes if b[2] - b[0] > 2 * (b[3] - b[1])), key=fit)[:6]
    if not some:
        return False
    crops = [page.crop(b, page.bare) for b in some]
    reads = engine.read(crops)
    page.read = dict(zip(some, reads, strict=True))
    this = sum(r.sure for r in reads) / len(some)
    if this >= READABLE:
        return False
    other = engine.read([np.ascontiguousarray(c[::-1, ::-1]) for c in crops])
    return sum(r.sure for r in other) / len(some) > this + 0.05
