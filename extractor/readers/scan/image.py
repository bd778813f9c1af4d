"""Files → pictures of pages, and pictures put upright and without their seals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.readers.opening import LIMITS

ASSUMED_DPI = 150.0
LEAST_DPI, MOST_DPI = 150.0, 300.0
"""Of the pictures that are worked on; a page's own resolution counts in between."""
A4_LONG, LARGEST_PAPER = 842.0, 1250.0
"""Points of a sheet's longer side: usual, and at most (A3); a larger page is a picture that does
not tell its size."""
ALIKE = 1.04
"""Times as many pixels on an area that pictures of one density have, at most."""
INSET = 0.001
"""Pixels between a page's edge and its bitmap's."""
SEAL = 42.0
"""No seal is smaller, in points, both ways; pen strokes are."""
RING, DRAWN_RING, MOST_RINGS = (40.0, 72.0), 0.9, 8
"""Points of a round seal's radius, least and most; the part of its rim that is drawn, at least;
rings looked at on a page, at most."""
PALER = 50.0
"""Grey levels by which a seal's ink is paler than print, at least, that it can be told by."""
SHADOW = 0.45
"""The darkest shadow of a fold, as a part of the paper round it; print is darker."""


@dataclass(slots=True)
class PagePicture:
    """One page as it is shown: BGR pixels, and its size in points."""

    number: int
    pixels: Any
    width: float
    height: float


class Unreadable(Exception):
    """The file, or a page of it, is no picture; the text says which."""


# ------------------------------------------------------------------ files


def pictures(path: Path, kind: str, pages: Sequence[int] | None) -> Iterator[PagePicture | int]:
    """The pages wanted (None: all), one after the other; a page's number where it is broken.

    Raises Unreadable where the file as a whole cannot be opened.
    """
    yield from (_of_pdf if kind == "pdf" else _of_image)(path, pages)


def sizes(path: Path, kind: str) -> list[tuple[float, float]]:
    """Width and height of every page in points, as shown. Raises Unreadable."""
    if kind != "pdf":
        return _image_sizes(path)
    import pypdfium2 as pdfium  # type: ignore[import-untyped]

    try:
        with pdfium.PdfDocument(path) as document:
            return [tuple(document.get_page_size(i)) for i in range(len(document))]
    except Exception as error:
        raise Unreadable(str(path.name)) from error


def _of_pdf(path: Path, pages: Sequence[int] | None) -> Iterator[PagePicture | int]:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(path)
    except Exception as error:
        raise Unreadable(str(path.name)) from error
    with document:
        for number in pages if pages is not None else range(1, len(document) + 1):
            if not 1 <= number <= len(document):
                continue
            try:
                page = document[number - 1]
                width, height = page.get_size()
                pixels = _rendered(page, width, height)
                page.close()
            except Exception:
                yield number
                continue
            yield PagePicture(number, pixels, width, height)


def _rendered(page: Any, width: float, height: float) -> Any:
    """The page as BGR; a picture that fills it comes out in its own pixels, the very same.

    pdfium's usual rendering makes such a picture one pixel larger than it is wherever a float is
    a little above a whole number, and all its strokes paler for it; here the page ends a
    thousandth of a pixel before its bitmap does.
    """
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    across, down = _pixels(page, width, height)
    bitmap = pdfium.PdfBitmap.new_native(across, down, raw.FPDFBitmap_BGR)
    raw.FPDFBitmap_FillRect(bitmap, 0, 0, across, down, 0xFFFFFFFF)
    wide, high = (across - 2 * INSET) / width, (down - 2 * INSET) / height
    onto = raw.FS_MATRIX(wide, 0.0, 0.0, high, INSET, INSET)
    clip = raw.FS_RECTF(0.0, 0.0, across, down)
    raw.FPDF_RenderPageBitmapWithMatrix(bitmap, page, onto, clip, raw.FPDF_ANNOT)
    pixels = bitmap.to_numpy()[:, :, :3].copy()
    bitmap.close()
    return pixels


def _pixels(page: Any, width: float, height: float) -> tuple[int, int]:
    """Pixels across and down the page, so many that its pictures come out in their own: those of
    one density that cover most of it, be it one, or strips; of several layers the densest."""
    import pypdfium2.raw as raw

    covered: dict[int, float] = {}
    largest: dict[int, tuple[float, tuple[int, int], tuple[float, float]]] = {}
    turned = page.get_rotation() in (90, 270)
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        with suppress(Exception):
            x0, y0, x1, y1 = item.get_bounds() if hasattr(item, "get_bounds") else item.get_pos()
            wide, high = (y1 - y0, x1 - x0) if turned else (x1 - x0, y1 - y0)
            pixels, matrix = item.get_px_size(), item.get_matrix()
            if (abs(matrix.b) > abs(matrix.a)) != turned:  # it lies on its side
                pixels = pixels[::-1]
            own = pixels[0] / wide, pixels[1] / high
            kind = round(math.log(own[0] * own[1]) / math.log(ALIKE))
            covered[kind] = covered.get(kind, 0.0) + wide * high
            if wide * high > largest.get(kind, (0.0,))[0]:
                largest[kind] = wide * high, pixels, (wide, high)
    unit = _unit(width, height)
    density = 250 / 72 * unit
    best = max(covered, key=lambda k: (round(covered[k] / (width * height), 1), k), default=None)
    if best is not None and covered[best] >= 0.25 * width * height:
        _, pixels, (wide, high) = largest[best]
        density = math.sqrt(pixels[0] * pixels[1] / (wide * high))
        fills = abs(wide - width) < 1 and abs(high - height) < 1
        even = 0.98 < pixels[0] / pixels[1] * high / wide < 1.02
        if fills and even and LEAST_DPI <= density / unit * 72 <= MOST_DPI + 1:
            return pixels
    density = min(max(density, LEAST_DPI / 72 * unit), MOST_DPI / 72 * unit)
    return math.ceil(width * density - 0.05), math.ceil(height * density - 0.05)


def _unit(width: float, height: float) -> float:
    """How much smaller a page of no real size has to be made to be one of A4's length."""
    longest = max(width, height, 1.0)
    return 1.0 if 400 <= longest <= LARGEST_PAPER else A4_LONG / longest


def layout_unit(picture: PagePicture) -> float:
    """Points of the layout to a point of the page: 1 but where the page's size is not real."""
    return _unit(picture.width, picture.height)


def frames(path: Path) -> Iterator[tuple[Any, float]]:
    """The pages of a picture file as Pillow images, turned as the camera said, with their dpi.
    Raises Unreadable."""
    from PIL import Image, ImageOps, ImageSequence

    Image.MAX_IMAGE_PIXELS = LIMITS.pixels
    try:
        with Image.open(path) as image:
            for frame in ImageSequence.Iterator(image):
                dpi = frame.info.get("dpi") or image.info.get("dpi")
                turned = ImageOps.exif_transpose(frame)
                yield turned, _dpi(dpi)
                if image.format in ("GIF", "MPO"):
                    return  # what follows is a film, or the same picture again
    except Exception as error:
        raise Unreadable(str(path.name)) from error


def _dpi(told: Any) -> float:
    try:
        value = float(told[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return ASSUMED_DPI
    return value if 50 <= value <= 2400 else ASSUMED_DPI


def _image_sizes(path: Path) -> list[tuple[float, float]]:
    return [(f.width * 72 / dpi, f.height * 72 / dpi) for f, dpi in frames(path)]


def _of_image(path: Path, pages: Sequence[int] | None) -> Iterator[PagePicture | int]:
    import cv2
    import numpy as np

    for number, (frame, dpi) in enumerate(frames(path), 1):
        if pages is not None and number not in pages:
            continue
        try:
            if "A" in frame.getbands():
                from PIL import Image

                paper = Image.new("RGBA", frame.size, "white")
                frame = Image.alpha_composite(paper, frame.convert("RGBA"))
            pixels = np.ascontiguousarray(np.asarray(frame.convert("RGB"))[:, :, ::-1])
        except Exception:
            yield number
            continue
        width, height = frame.width * 72 / dpi, frame.height * 72 / dpi
        longest = max(pixels.shape[:2])
        inches = max(width, height) * _unit(width, height) / 72
        wanted = min(max(longest, LEAST_DPI * inches), MOST_DPI * inches)
        if abs(wanted / longest - 1) > 0.02:
            way = cv2.INTER_AREA if wanted < longest else cv2.INTER_CUBIC
            size = (
                round(pixels.shape[1] * wanted / longest),
                round(pixels.shape[0] * wanted / longest),
            )
            pixels = cv2.resize(pixels, size, interpolation=way)
        yield PagePicture(number, pixels, width, height)


# ------------------------------------------------------------------ upright


def skew(gray: Any) -> float:
    """Degrees to turn a page anticlockwise for its lines, of text or drawn, to be level; ±7.

    The angle at which rows (or columns, on a page that lies on its side) of pixels differ most.
    """
    import cv2
    import numpy as np

    factor = 1100 / max(gray.shape)
    small = cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    local = cv2.blur(small, (41, 41)).astype(np.int16)
    ink = ((local - small) > 25).astype(np.float32)
    margin = int(0.03 * min(ink.shape))
    ink = ink[margin:-margin, margin:-margin]
    if ink.sum() < 50:
        return 0.0
    height, width = ink.shape

    def contrast(angle: float) -> float:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        turned = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_LINEAR)
        return max(float(np.square(np.diff(turned.sum(axis=axis))).sum()) for axis in (0, 1))

    best = max(np.arange(-7, 7.01, 0.5), key=contrast)
    for step in (0.1, 0.02):
        best = max(np.arange(best - 5 * step, best + 5.01 * step, step), key=contrast)
    return float(best)


def turned(pixels: Any, angle: float, quarters: int) -> tuple[Any, Any]:
    """The picture turned anticlockwise by `angle` degrees and then by quarter turns.

    Second comes the 2 × 3 matrix that takes its pixels back to the given picture's.
    """
    import cv2
    import numpy as np

    height, width = pixels.shape[:2]
    total = angle + 90 * quarters
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), total, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    across, down = round(height * sin + width * cos), round(height * cos + width * sin)
    matrix[0, 2] += across / 2 - width / 2
    matrix[1, 2] += down / 2 - height / 2
    if abs(angle) < 0.03 and not quarters:
        return pixels, np.array([[1.0, 0, 0], [0, 1.0, 0]])
    out = cv2.warpAffine(
        pixels, matrix, (across, down), flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT, borderValue=(255, 255, 255),
    )  # fmt: skip
    return out, cv2.invertAffineTransform(matrix)


# ------------------------------------------------------------------ seals


def without_seals(pixels: Any, per_point: float) -> tuple[Any, Any]:
    """The page in grey without red and blue seals, and where they were (None: nowhere).

    A seal lets the print under it through in its own colour's channel. Coloured strokes smaller
    than any seal (a tick, a signature) stay.
    """
    import cv2
    import numpy as np

    gray = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    where: Any = None
    blue, green, red = cv2.split(pixels)
    for own, rival in ((red, cv2.max(green, blue)), (blue, cv2.max(red, green))):
        coloured = cv2.subtract(own, rival) > 28
        if np.count_nonzero(coloured) < (6 * per_point) ** 2:
            continue
        region = _seal_region(coloured.astype(np.uint8), per_point)
        if region is None:
            continue
        inked = coloured & region
        level = max(float(np.percentile(own[inked], 30)) * 0.95, 60.0)
        dark = 0.3 * level  # print, whose colour JPEG blurs into that of the seal round it
        near = cv2.dilate(inked.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        gray[near] = np.clip((own[near] - dark) * (255.0 / (level - dark)), 0, 255).astype(np.uint8)
        where = inked if where is None else where | inked
    return gray, where


def without_grey_seals(even: Any, per_point: float) -> tuple[Any, Any]:
    """An evened page without the round seals of a scan that knows no colours, and where they
    were (None: nowhere).

    Their ink is paler than print, and its strokes are broader than the blur round that; where it
    is as dark, as on a page of black and white, they stay.
    """
    import cv2
    import numpy as np

    k = per_point
    where: Any = None
    for x, y, r in _rings(even, k):
        top, left = max(int((y - r - 4) * k), 0), max(int((x - r - 4) * k), 0)
        part = even[top : int((y + r + 4) * k), left : int((x + r + 4) * k)]
        ys, xs = np.ogrid[: part.shape[0], : part.shape[1]]
        away = np.hypot(xs - (x * k - left), ys - (y * k - top)) / k
        rim = part[np.abs(away - r) < 0.8]
        dark = float(np.percentile(part, 1))
        level = float(np.median(rim[rim < 215])) if (rim < 215).any() else 0.0
        if level - dark < PALER:
            continue
        between = (part > dark + 0.35 * (level - dark)) & (part < 225) & (away < r + 3)
        size = max(round(0.9 * k), 3)
        broad = cv2.morphologyEx(
            between.astype(np.uint8), cv2.MORPH_OPEN, np.ones((size, size), np.uint8)
        )
        near = cv2.dilate(broad, np.ones((5, 5), np.uint8)) > 0
        white = max(float(np.percentile(part[broad > 0], 25)), dark + PALER)
        if where is None:
            even, where = even.copy(), np.zeros(even.shape, bool)
            part = even[top : top + part.shape[0], left : left + part.shape[1]]
        clear = (part[near].astype(np.float32) - dark) * (255.0 / (white - dark))
        part[near] = np.clip(clear, 0, 255).astype(np.uint8)
        where[top : top + part.shape[0], left : left + part.shape[1]] |= near
    return even, where


def _rings(even: Any, per_point: float) -> list[tuple[float, float, float]]:
    """Middle and radius, in points, of the rings on a page that are as large as a seal's."""
    import cv2
    import numpy as np

    half = cv2.resize(
        even, None, fx=1.5 / per_point, fy=1.5 / per_point, interpolation=cv2.INTER_AREA
    )
    small = cv2.resize(half, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    least, most = (round(0.75 * r) for r in RING)
    found = cv2.HoughCircles(
        small, cv2.HOUGH_GRADIENT, 1, least, param1=80, param2=38, minRadius=least, maxRadius=most
    )
    turn = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    high, wide = half.shape
    out: list[tuple[float, float, float]] = []

    def drawn(x: float, y: float, r: float) -> float:
        xs, ys = np.rint(x + r * np.cos(turn)), np.rint(y + r * np.sin(turn))
        on = (xs >= 0) & (ys >= 0) & (xs < wide) & (ys < high)
        return float((half[ys[on].astype(int), xs[on].astype(int)] < 215).mean()) * float(on.mean())

    for x, y, r in found[0][:MOST_RINGS].tolist() if found is not None else ():
        near = [
            (2 * x + a, 2 * y + b, 2 * r + c)
            for a in range(-3, 4) for b in range(-3, 4) for c in range(-4, 5)
        ]  # fmt: skip
        best = max(near, key=lambda ring: drawn(*ring))
        if drawn(*best) >= DRAWN_RING:
            out.append((best[0] / 1.5, best[1] / 1.5, best[2] / 1.5))
    return out


def _seal_region(coloured: Any, per_point: float) -> Any:
    """Where seals stand, a little more than their ink; None where there is none."""
    import cv2
    import numpy as np

    height, width = coloured.shape
    factor = max(per_point, 1.0)
    size = (max(int(width / factor), 1), max(int(height / factor), 1))
    small = (cv2.resize(coloured * 255, size, interpolation=cv2.INTER_AREA) > 60).astype(np.uint8)
    joined = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    mask = np.zeros_like(small)
    for index in range(1, count):
        _, _, w, h, _ = stats[index]
        if w >= SEAL and h >= SEAL:
            outline = cv2.findContours(
                (labels == index).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
            )[0]
            cv2.fillConvexPoly(mask, cv2.convexHull(np.vstack(outline)), 1)
    if not mask.any():
        return None
    mask = cv2.dilate(mask, np.ones((5, 5), np.uint8))
    return cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST) > 0


def flattened(gray: Any, per_point: float) -> Any:
    """The page with an even white ground: shadows, yellowed paper and grey scans lightened.

    Folds darken strips that are narrower than the shadows round them; along a strip there is
    paper between the characters, and it is wider than any ruling line.
    """
    import cv2
    import numpy as np

    factor = 4 * per_point
    small = cv2.resize(gray, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA)
    ground = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    ground = cv2.medianBlur(cv2.GaussianBlur(ground, (0, 0), 3), 5)
    fine = cv2.resize(gray, None, fx=1 / per_point, fy=1 / per_point, interpolation=cv2.INTER_AREA)
    ground = cv2.resize(ground, fine.shape[::-1], interpolation=cv2.INTER_LINEAR)
    least = (ground * SHADOW).astype(np.uint8)
    for along in ((1, 29), (29, 1)):
        fold = cv2.medianBlur(cv2.morphologyEx(fine, cv2.MORPH_CLOSE, np.ones(along, np.uint8)), 5)
        ground = np.minimum(ground, np.maximum(fold, least))
    ground = cv2.resize(ground, gray.shape[::-1], interpolation=cv2.INTER_LINEAR)
    even: Any = cv2.divide(gray, np.maximum(ground, 40), scale=255)
    return even
