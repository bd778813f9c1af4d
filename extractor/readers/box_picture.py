"""What a small picture of a tick box shows: nothing in the box, something in it, or no box."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

SURE = 0.93
"""Of a box told by its picture."""
_SIDE = 64
"""Pixels that a picture is brought to."""
_CONTRAST = 60
"""Of 255, between the ground and the ink, at least."""
_EMPTY, _TICKED = 0.02, 0.06
"""Parts of the middle of a box that are ink: up to, from."""
_MIDDLE = 0.2
"""Of a box's side, left out at each edge: its frame."""
_FRAME = 0.4
"""Of the picture's ink that the inside of its frame must extend over, each way."""
_GROUND, _INK, _OUTSIDE = 255, 0, 128


def ticked(picture: Image) -> bool | None:
    """Whether the box in a picture is ticked; None where there is no frame, or it is not clear.

    Whatever stands in the box ticks it: a tick, a cross, a blot.
    """
    ink = _ink(picture)
    if ink is None:
        return None
    frame = ink.point([255 if v == _INK else 0 for v in range(256)]).getbbox()
    inside = _inside(ink)
    if frame is None or inside is None:
        return None
    wide, high = inside[2] - inside[0], inside[3] - inside[1]
    if wide < _FRAME * (frame[2] - frame[0]) or high < _FRAME * (frame[3] - frame[1]):
        return None
    if not 0.6 <= wide / high <= 1.7:
        return None
    dx, dy = round(_MIDDLE * wide), round(_MIDDLE * high)
    middle = ink.crop((inside[0] + dx, inside[1] + dy, inside[2] - dx, inside[3] - dy))
    part = middle.histogram()[_INK] / (middle.width * middle.height)
    if part <= _EMPTY:
        return False
    return True if part >= _TICKED else None


def _ink(picture: Image) -> Image | None:
    """The picture in ground, ink and (outside of any frame) outside; None where it is empty."""
    from PIL import Image as Images
    from PIL import ImageDraw

    if min(picture.size) < 5:
        return None
    if picture.mode in ("P", "LA", "PA", "RGBA") or "transparency" in picture.info:
        whole = picture.convert("RGBA")
        ground = Images.new("RGBA", whole.size, "white")
        picture = Images.alpha_composite(ground, whole)
    grey = picture.convert("L")
    scale = _SIDE / max(grey.size)
    size = (max(8, round(grey.width * scale)), max(8, round(grey.height * scale)))
    grey = grey.resize(size, 2)  # 2: bilinear
    low, high = grey.getextrema()
    if high - low < _CONTRAST:  # type: ignore[operator]
        return None
    least = (low + 2 * high) / 3  # type: ignore[operator]
    page = Images.new("L", (size[0] + 2, size[1] + 2), _GROUND)
    page.paste(grey.point([_INK if v < least else _GROUND for v in range(256)]), (1, 1))
    ImageDraw.floodfill(page, (0, 0), _OUTSIDE)
    return page


def _inside(ink: Image) -> tuple[int, int, int, int] | None:
    """The box round all ground that ink encloses."""
    return ink.point([255 if v == _GROUND else 0 for v in range(256)]).getbbox()
