"""Does a picture of a digit show the digit that the text layer says?

By the holes in it, which every typeface has alike (none in 1 2 3 5 7, one in 0 4 6 9, two in 8),
and where they lie; among digits without holes by likeness to known pictures.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

_GRID = (10, 14)
_LIKE, _CLEARLY = 0.80, 0.16
"""How like its picture a digit is that was recognised, and how much less like the named one."""
_INK = (50, 90, 130)
"""Of 255; darker is ink, in a picture stretched to the whole range."""
_HOLE = 0.015
"""Of the digit's box, at least; a smaller one is a blot."""
_HOLES = ((1, 2), (0,), (0,), (0,), (0, 1), (0,), (1,), (0,), (1, 2), (1,))
"""How many holes a digit has: a slashed 0 two, an open 4 none, a small 8 one."""
_MIDDLE = ((0.42, 0.58), None, None, None, (0.3, 0.72), None, (0.56, 0.9), None, (0.2, 0.8),
           (0.1, 0.44))  # fmt: skip
"""Where the middle of its one hole lies, from the top."""
_TALL_ZERO = 0.2
"""Of the digit's box that the hole of a 0 takes up, at least."""


def looks_wrong(crop: Image, digit: int) -> bool:
    """Whether a grey picture of one character clearly shows another digit than this one.

    However much of its pale rim counts as ink: thin strokes break, bold ones close.
    """
    ink = _ink(crop)
    return ink is not None and all(_wrong(ink, digit, least) for least in _INK)


def _wrong(ink: Image, digit: int, least: int) -> bool:
    holes = _holes(ink, least)
    if len(holes) not in _HOLES[digit]:
        return True
    if len(holes) == 1:
        area, middle = holes[0]
        span = _MIDDLE[digit]
        if span is not None and not span[0] <= middle <= span[1]:
            return True
        if digit == 0 and area < _TALL_ZERO:
            return _unlike(ink, digit, (4, 6, 9))
        return digit in (4, 8) and _unlike(ink, digit, (0, 6, 9))
    if not holes:
        return _unlike(ink, digit, (1, 2, 3, 5, 7))
    return digit == 0 and _unlike(ink, digit, (8,))


def _unlike(ink: Image, digit: int, others: Iterable[int]) -> bool:
    shape = _vector(ink)
    if shape is None:
        return False
    like = [0.0] * 10
    for number, known in _known():
        like[number] = max(like[number], sum(map(mul, shape, known)))
    best = max(like[n] for n in others if n != digit)
    return best >= _LIKE - 0.06 and best - like[digit] >= _CLEARLY - 0.04


def _ink(crop: Image) -> Image | None:
    """The ink of a character as light on dark, in its own frame; None where there is too little."""
    from PIL import ImageOps

    low, high = crop.getextrema()
    if high - low < 80:  # type: ignore[operator]
        return None
    edge = [*crop.crop((0, 0, crop.width, 1)).getdata()]
    for x in (0, crop.width - 1):
        edge += crop.crop((x, 0, x + 1, crop.height)).getdata()
    usual = sorted(edge)[len(edge) // 2]
    if sum(abs(v - usual) > 0.15 * (high - low) for v in edge) > 0.25 * len(edge):  # type: ignore[operator]
        return None  # something else lies there too
    if usual < (low + high) / 2:  # type: ignore[operator]
        crop = ImageOps.invert(crop)  # light on dark
    crop = ImageOps.invert(ImageOps.autocontrast(crop))
    frame = crop.point([255 if v > 110 else 0 for v in range(256)]).getbbox()
    if frame is None or frame[3] - frame[1] < 10:
        return None
    return crop.crop(frame)


def _holes(ink: Image, least: int) -> list[tuple[float, float]]:
    """Area and middle of each hole, as parts of the frame's area and height."""
    wide, high = ink.size
    width = wide + 2  # with an empty rim
    page = bytearray(width * (high + 2))
    pixels = ink.point([255 if v > least else 0 for v in range(256)]).tobytes()
    for row in range(high):
        start = (row + 1) * width + 1
        page[start : start + wide] = pixels[row * wide : (row + 1) * wide]
    _fill(page, width, 0)
    found: list[tuple[float, float]] = []
    for _ in range(8):
        at = page.find(0)
        if at < 0:
            break
        inside = _fill(page, width, at)
        area = len(inside) / (wide * high)
        if area >= _HOLE:
            rows = sum(i // width for i in inside)
            found.append((area, (rows / len(inside) - 0.5) / high))
    return found


def _fill(page: bytearray, width: int, at: int) -> list[int]:
    """The empty pixels that hang together with this one, which are empty no more (Pillow's own
    filling takes ten times as long)."""
    page[at] = 128
    inside = [at]
    for here in inside:
        for beside in (here - 1, here + 1, here - width, here + width):
            if 0 <= beside < len(page) and not page[beside]:
                page[beside] = 128
                inside.append(beside)
    return inside


def _vector(ink: Image) -> tuple[float, ...] | None:
    """The ink as a vector of length 1."""
    wide, high = ink.size
    spare = max(0, int(0.55 * high) - wide)  # a 1 stays narrow
    ink = ink.crop((-(spare // 2), 0, wide + (spare + 1) // 2, high))
    values = list(ink.resize(_GRID, 4).getdata())  # 4: the mean of a box
    mean = sum(values) / len(values)
    values = [v - mean for v in values]
    length = sum(v * v for v in values) ** 0.5
    return tuple(v / length for v in values) if length else None


@lru_cache(maxsize=1)
def _known() -> list[tuple[int, tuple[float, ...]]]:
    """Pictures of the ten digits in the fonts that pdfium brings along."""
    import pypdfium2 as pdfium  # type: ignore[import-untyped]

    fonts = ("Helvetica", "Times-Roman", "Courier", "Helvetica-Bold", "Times-Bold")
    size, step = 20, 30
    shows = [
        f"BT /F{i} {size} Tf {5 + step * n} {20 + step * i} Td ({n}) Tj ET"
        for i in range(len(fonts))
        for n in range(10)
    ]
    data = _small_pdf(fonts, "\n".join(shows), step * 10 + 10, step * len(fonts) + 20)
    found: list[tuple[int, tuple[float, ...]]] = []
    with pdfium.PdfDocument(data) as document:
        bitmap = document[0].render(scale=2, grayscale=True)
        picture = bitmap.to_pil()
        for i in range(len(fonts)):
            base = picture.height - 2 * (20 + step * i)
            for n in range(10):
                left = 2 * (5 + step * n)
                ink = _ink(picture.crop((left - 4, base - 36, left + 40, base + 2)))
                vector = _vector(ink) if ink is not None else None
                if vector is not None:
                    found.append((n, vector))
        bitmap.close()
    return found


def _small_pdf(fonts: Iterable[str], content: str, width: int, height: int) -> bytes:
    """A PDF of one page in standard fonts."""
    named = " ".join(
        f"/F{i} << /Type /Font /Subtype /Type1 /BaseFont /{f} >>" for i, f in enumerate(fonts)
    )
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R "
        f"/Resources << /Font << {named} >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
    )
    out = "%PDF-1.4\n"
    offsets: list[int] = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{o:010d} 00000 n \n" for o in offsets)
    out += (
        f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(offsets) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    )
    return out.encode("ascii")
