"""Photographs of pages: the paper's corners and the slant of its lines → the page as it lies flat.

A scanner's page is left alone: only where lines that are parallel on paper plainly run
together is the picture straightened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from extractor.readers.scan.image import A4_LONG, PagePicture

SMALL = 900
"""Pixels of the longer side on which corners and lines are looked for."""
BENT = 0.025
"""How far lines must run together, as a part of the page's length; less is the pixels' own."""


@dataclass(slots=True)
class Flat:
    """A page put flat, and the 3 × 3 matrix from its pixels to those of the picture given."""

    picture: PagePicture
    back: Any


def flat(picture: PagePicture) -> Flat:
    """The picture with its perspective taken out; the same picture where it has none."""
    import cv2
    import numpy as np

    pixels = picture.pixels
    back = np.eye(3)
    corners = paper_corners(pixels)
    if corners is not None:
        pixels, back = _cut_out(pixels, corners)
        picture = _sized(picture, pixels)
    onto = _levelled(pixels)
    if onto is not None:
        height, width = pixels.shape[:2]
        pixels = cv2.warpPerspective(
            pixels, onto, (width, height), flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        back = back @ np.linalg.inv(onto)
        picture = PagePicture(picture.number, pixels, picture.width, picture.height)
    return Flat(picture, back / back[2, 2])


def _sized(picture: PagePicture, pixels: Any) -> PagePicture:
    """Paper cut out of a photograph has the size of A4, whatever the camera says."""
    height, width = pixels.shape[:2]
    unit = A4_LONG / max(height, width)
    return PagePicture(picture.number, pixels, width * unit, height * unit)


# ------------------------------------------------------------------ the paper's corners


def paper_corners(pixels: Any) -> Any:
    """The corners (from the top left, clockwise) of a sheet that lies on something darker; None
    where the sheet fills the picture."""
    import cv2
    import numpy as np

    factor = SMALL / max(pixels.shape[:2])
    gray = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    smooth = cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), 5)
    border = np.concatenate([smooth[:3].ravel(), smooth[-3:].ravel(),
                             smooth[:, :3].ravel(), smooth[:, -3:].ravel()])  # fmt: skip
    level, _ = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    if float(np.mean(border < level)) < 0.45:
        return None
    # a shadow over a corner is darker than the paper, and lighter than what it lies on
    for least in (level, (level + float(np.median(border))) / 2):
        corners = _sheet(smooth, least)
        if corners is not None:
            start = int(corners.sum(axis=1).argmin())
            return np.roll(corners, -start, 0) / factor
    return None


def _sheet(smooth: Any, least: float) -> Any:
    """The corners of the one sheet that is lighter than this level; None where there is none."""
    import cv2
    import numpy as np

    _, bright = cv2.threshold(smooth, least, 255, cv2.THRESH_BINARY)
    found, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not found:
        return None
    hull = cv2.convexHull(max(found, key=cv2.contourArea))
    area = cv2.contourArea(hull)
    if not 0.25 * bright.size <= area <= 0.98 * bright.size:
        return None
    inside = np.zeros_like(bright)
    cv2.fillConvexPoly(inside, hull, 1)
    if float(np.median(smooth[inside > 0])) - float(np.median(smooth[inside == 0])) < 45:
        return None
    corners = _four(hull)
    if corners is None or cv2.contourArea(corners) < 0.93 * area:
        return None
    turns = np.roll(corners, -1, 0) - corners
    turns = turns / np.linalg.norm(turns, axis=1, keepdims=True)
    if float(np.abs((turns * np.roll(turns, -1, 0)).sum(axis=1)).max()) > 0.4:
        return None  # no sheet of paper
    return corners


def _four(hull: Any) -> Any:
    """The four corners of a hull, clockwise as it is shown; None where it has no four."""
    import cv2
    import numpy as np

    length = cv2.arcLength(hull, True)
    for part in np.arange(0.01, 0.08, 0.005):
        near = cv2.approxPolyDP(hull, part * length, True)
        if len(near) == 4:
            corners = near[:, 0, :].astype(np.float32)
            return corners if cv2.contourArea(corners, True) > 0 else corners[::-1].copy()
        if len(near) < 4:
            return None
    return None


def _cut_out(pixels: Any, corners: Any) -> tuple[Any, Any]:
    """The sheet alone, and the matrix from its pixels back."""
    import cv2
    import numpy as np

    a, b, c, d = corners

    def far(one: Any, other: Any) -> float:
        return float(np.linalg.norm(one - other))

    width = round(max(far(a, b), far(d, c)))
    height = round(max(far(a, d), far(b, c)))
    long, short = max(width, height), min(width, height)
    if 1.25 <= long / short <= 1.6:  # A4, foreshortened
        short = round(long / 2**0.5)
        width, height = (long, short) if width > height else (short, long)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    onto = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    out = cv2.warpPerspective(
        pixels, onto, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return out, np.linalg.inv(onto)


# ------------------------------------------------------------------ the slant of its lines


def _levelled(pixels: Any) -> Any:
    """The matrix that makes the page's long lines parallel; None where they are, or are few."""
    import cv2
    import numpy as np

    height, width = pixels.shape[:2]
    factor = SMALL / max(height, width)
    across, down = _segments(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), factor)
    if len(across) < 4 or len(down) < 3:
        return None
    unit = max(height, width) / 2
    middle = np.array([width / 2, height / 2])

    def scaled(lines: Any) -> Any:
        return (lines / factor - middle) / unit

    across, down = scaled(across), scaled(down)
    if np.ptp(across[..., 1]) < 0.3 or np.ptp(down[..., 0]) < 0.3:
        return None
    found = _parallel(across, down)
    if found is None:
        return None
    m = np.array([[1.0, found[1], 0], [found[0], 1.0, 0], [found[2], found[3], 1.0]])
    # rotation is the deskew's own: only what makes lines run together counts here
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * middle / unit
    bent = np.abs(corners @ found[2:]).max() + abs(found[0] + found[1])
    if bent < BENT or bent > 0.6:
        return None
    to = np.array([[1 / unit, 0, -middle[0] / unit], [0, 1 / unit, -middle[1] / unit], [0, 0, 1]])
    return np.linalg.inv(to) @ m @ to


def _segments(gray: Any, factor: float) -> tuple[Any, Any]:
    """Long straight lines near level and near upright, as (n, 2 points, x and y) of the small
    picture."""
    import cv2
    import numpy as np

    small = cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    dark = cv2.blur(small, (21, 21)).astype(np.int16) - small
    ink = (dark > 18).astype(np.uint8)
    least = round(0.11 * min(small.shape))
    out = []
    for level in (True, False):
        long = np.ones((1, 21) if level else (21, 1), np.uint8)
        thick = cv2.dilate(ink, long.T[:3, :3])
        runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, long) & ink  # no characters
        found = cv2.HoughLinesP(
            runs * 255, 1, np.pi / 720, least, minLineLength=least, maxLineGap=4
        )
        lines = np.empty((0, 2, 2)) if found is None else found.reshape(-1, 2, 2).astype(float)
        step = np.abs(lines[:, 1] - lines[:, 0])
        along, aside = (0, 1) if level else (1, 0)
        lines = lines[step[:, aside] < 0.2 * step[:, along]]
        ways = dark if level else dark.T
        turned = lines if level else lines[..., ::-1]
        fitted = np.array([_fitted(ways, *line) for line in turned]).reshape(-1, 2, 2)
        out.append(fitted if level else fitted[..., ::-1])
    return out[0], out[1]


def _fitted(dark: Any, start: Any, end: Any) -> Any:
    """A level line's ends by the middle of its ink all along: whole pixels are far too coarse for
    how little lines run together."""
    import numpy as np

    (x0, y0), (x1, y1) = sorted((start, end), key=lambda p: float(p[0]))
    xs = np.arange(round(x0), round(x1) + 1)
    for _ in range(2):
        line = y0 + (xs - x0) * (y1 - y0) / (x1 - x0)
        ys = np.rint(line).astype(int) + np.arange(-2, 3)[:, None]
        ink = np.clip(dark[np.clip(ys, 0, len(dark) - 1), xs], 0, None)
        some = ink.sum(axis=0) > 18
        if int(some.sum()) < 0.5 * len(xs):
            break
        middles = (ink * ys).sum(axis=0)[some] / ink.sum(axis=0)[some]
        slope, level = np.polyfit(xs[some], middles, 1)
        y0, y1 = level + slope * x0, level + slope * x1
    return (x0, y0), (x1, y1)


def _parallel(across: Any, down: Any) -> Any:
    """(t, s, g, h) of x' = (x + s·y) / (g·x + h·y + 1), y' = (t·x + y) / (…), after which lines
    across are level and lines down upright; None where they do not agree on any."""
    import numpy as np

    def off(p: Any) -> Any:
        t, s, g, h = p

        def moved(lines: Any) -> Any:
            x, y = lines[..., 0], lines[..., 1]
            w = g * x + h * y + 1
            return (x + s * y) / w, (t * x + y) / w

        ax, ay = moved(across)
        dx, dy = moved(down)
        return np.concatenate(
            [(ay[:, 1] - ay[:, 0]) / np.abs(ax[:, 1] - ax[:, 0]),
             (dx[:, 1] - dx[:, 0]) / np.abs(dy[:, 1] - dy[:, 0])]
        )  # fmt: skip

    p = np.zeros(4)
    for _ in range(12):
        now = off(p)
        weight = 1 / (1 + (now / max(1.5 * float(np.median(np.abs(now))), 1e-3)) ** 2)
        slope = np.stack([(off(p + step) - now) / 1e-5 for step in np.eye(4) * 1e-5], axis=1)
        root = np.sqrt(weight)[:, None]
        change = np.linalg.lstsq(slope * root, -now * root[:, 0], rcond=None)[0]
        p = p + change
        if not np.isfinite(p).all() or np.abs(p).max() > 0.5:
            return None
        if np.abs(change).max() < 1e-6:
            break
    return p if float(np.median(np.abs(off(p)))) < 0.004 else None
