"""Tick boxes of a PDF page told by looking at them: pictures, and characters of unknown meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extractor.locating.marks import glyph_of
from extractor.readers.box_picture import SURE, ticked
from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.pdf.pages import PageContent
from extractor.readers.pdf.symbols import private
from models.types import Bbox, Mark

if TYPE_CHECKING:
    from PIL.Image import Image

_SCALE = 4.0
"""Pixels to the point."""
_PIXELS = 12_000_000
"""Of a painted page, at most."""
_TICKED = "☑☒■√✓✔✗✘×●◉"
_PAPER = 200
"""Of 255: from here on as light as paper."""
_LOOKS = 3
"""At characters of one code."""


class Sight:
    """Looks at places of one page; it is painted when first asked for."""

    def __init__(self, page: Any, content: PageContent) -> None:
        self._page = page
        area = max(content.width * content.height, 1.0)
        self._scale = min(_SCALE, (_PIXELS / area) ** 0.5)
        self._picture: Image | None = None

    def ticked(self, box: Bbox) -> bool | None:
        """Whether the box painted there is ticked; None where there is none, or it is not clear."""
        picture = self._cut(box)
        return ticked(picture) if picture is not None else None

    def ink(self, box: Bbox) -> float | None:
        """The part of a place that is not as light as paper; None where it cannot be painted."""
        picture = self._cut(box)
        if picture is None:
            return None
        counts = picture.histogram()
        return sum(counts[:_PAPER]) / max(sum(counts), 1)

    def _cut(self, box: Bbox) -> Image | None:
        if self._scale < 1.5:
            return None
        try:
            if self._picture is None:
                bitmap = self._page.render(scale=self._scale, grayscale=True, may_draw_forms=False)
                self._picture = bitmap.to_pil().copy()
                bitmap.close()
            x0, top, x1, bottom = (v * self._scale for v in box)
            crop = (int(x0) - 1, int(top) - 1, int(x1) + 2, int(bottom) + 2)
            return self._picture.crop(crop)
        except Exception:  # a page that cannot be painted shows nothing
            return None


def look_at_symbols(content: PageContent, sight: Sight) -> None:
    """Settles the private-use characters in fonts of letters whose pictures tell them apart.

    Where two codes or more print different pictures, one of them an empty box, they mean what
    they show; a single code may be the frame that stands for whatever was missing.
    """
    unknown: dict[tuple[str, str], list[Glyph]] = {}
    for glyph in content.glyphs:
        if glyph.mark is not None and glyph.mark.ticked is None and private(glyph.text):
            unknown.setdefault((glyph.font, glyph.text), []).append(glyph)
    if len(unknown) < 2:
        return
    seen: dict[tuple[str, str], bool | None] = {}
    for key, glyphs in unknown.items():
        told = {sight.ticked(g.bbox) for g in glyphs[:_LOOKS]}
        seen[key] = told.pop() if len(told) == 1 else None
        if seen[key] is None and glyph_of(key[1]) in _TICKED:
            seen[key] = True  # a tick without a box, if others are boxes
    if set(seen.values()) != {True, False}:
        return
    for key, glyphs in unknown.items():
        for glyph in glyphs:
            glyph.mark = Mark(seen[key], "picture", SURE)
