"""Scans of printed forms: what paper, pen, seal, scanner and telephone do to a page.

`Scanner.pages` makes pictures out of a digital PDF; `save` writes them as a PDF of nothing but
pictures, as a TIFF of many pages, or as a set of JPEG files. The same seed gives the same scan.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

TICKED = "☑√■☒✓●"
DIGITS = "0123456789"
RED, BLUE, BLACK = (45, 40, 205), (150, 60, 20), (35, 35, 35)
"""Blue, green, red: of seals and pens."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Scanner:
    """Angles in degrees anticlockwise, noise in grey levels, the rest as parts of the whole."""

    dpi: int = 200
    skew: float = 0.7
    quarters: int = 0
    """Quarter turns anticlockwise that the page lies on the glass."""
    noise: float = 6.0
    quality: int = 75
    """Of the JPEG picture."""
    grey: bool = False
    shade: float = 0.0
    """How much darker the page's far corner is."""
    folds: int = 0
    """Shadows of folds across the page."""
    seal: bool = False
    """A red seal over one of the page's figures."""
    pen: str = ""
    """What stands in each ticked box: tick, cross, fill or beyond; "" leaves it as printed."""
    photo: float = 0.0
    """How far a photograph's corners are from where they should be."""
    seed: int = 1

    def pages(self, pdf: Path, wanted: Sequence[int] | None = None) -> Iterator[Any]:
        """The pages (from 1; None all) as Pillow images."""
        import pypdfium2 as pdfium

        with pdfium.PdfDocument(pdf) as document:
            for number in wanted or range(1, len(document) + 1):
                yield self._picture(document[number - 1], random.Random(self.seed * 1000 + number))

    def _picture(self, page: Any, chance: random.Random) -> Any:
        import numpy as np
        from PIL import Image

        k = self.dpi / 72
        pixels = page.render(scale=k).to_numpy()[:, :, :3].astype(np.float32)
        letters = _Letters(page)
        if self.pen:
            _pen(pixels, letters, self.pen, k, chance)
        if self.seal:
            _seal(pixels, letters, k, chance)
        if self.folds:
            _fold(pixels, self.folds, chance)
        pixels = self._laid(pixels, chance)
        if self.shade:
            _shade(pixels, self.shade, chance)
        dirt = np.random.default_rng(chance.randrange(1 << 30))
        pixels = pixels * 0.95 + 5 + dirt.normal(0, self.noise, pixels.shape)
        out = np.rot90(np.clip(pixels, 0, 255).astype(np.uint8), self.quarters)
        image = Image.fromarray(np.ascontiguousarray(out[:, :, ::-1]))
        return image.convert("L") if self.grey else image

    def _laid(self, pixels: Any, chance: random.Random) -> Any:
        """The page as it lies: a little crooked, or seen by a telephone from the side."""
        import cv2
        import numpy as np

        height, width = pixels.shape[:2]
        if not self.photo:
            turn = cv2.getRotationMatrix2D((width / 2, height / 2), self.skew, 1)
            return cv2.warpAffine(
                pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)
            )
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), self.skew, 0.94)
        moved = corners @ turn[:, :2].T + turn[:, 2]
        reach = self.photo * width
        moved += np.array([[chance.uniform(-1, 1) * reach for _ in "xy"] for _ in corners])
        out = cv2.warpPerspective(
            pixels, cv2.getPerspectiveTransform(corners, moved.astype(np.float32)),
            (width, height), flags=cv2.INTER_CUBIC, borderValue=(58, 78, 96),
        )  # fmt: skip
        return cv2.GaussianBlur(out, (0, 0), 0.5)

    def save(self, pdf: Path, out: Path, wanted: Sequence[int] | None = None) -> Path:
        """Writes the scan: .pdf, .tif, or .jpg (one page, or 名-1.jpg, 名-2.jpg … where there
        are more). Returns the path, of a set that of its first page."""
        made = [self._pressed(image) for image in self.pages(pdf, wanted)]
        first, *rest = made
        if out.suffix == ".pdf":
            first.save(
                out, save_all=True, append_images=rest, resolution=self.dpi, quality=self.quality
            )
        elif out.suffix == ".tif":
            first.save(
                out, save_all=True, append_images=rest, dpi=(self.dpi, self.dpi),
                compression="jpeg", quality=self.quality,
            )  # fmt: skip
        elif not rest:
            first.save(out, quality=self.quality, dpi=(self.dpi, self.dpi))
        else:
            for number, image in enumerate(made, 1):
                one = out.with_name(f"{out.stem}-{number}{out.suffix}")
                image.save(one, quality=self.quality, dpi=(self.dpi, self.dpi))
            return out.with_name(f"{out.stem}-1{out.suffix}")
        return out

    def _pressed(self, image: Any) -> Any:
        from PIL import Image

        file = io.BytesIO()
        image.save(file, "JPEG", quality=self.quality)
        return Image.open(file)


class _Letters:
    """Where a page's ticked boxes and figures stand, in points from its top left."""

    def __init__(self, page: Any) -> None:
        self.height = page.get_height()
        self.text = page.get_textpage()

    @cached_property
    def all(self) -> list[tuple[str, Box]]:
        found = []
        for index in range(self.text.count_chars()):
            char = self.text.get_text_range(index, 1)
            x0, bottom, x1, top = self.text.get_charbox(index)
            found.append((char, (x0, self.height - top, x1, self.height - bottom)))
        return found

    def ticked(self) -> list[tuple[Box, Box]]:
        """Where a printed tick is to be taken out, and where its empty box is to stand."""
        found = []
        for n, (char, box) in enumerate(self.all):
            if char not in TICKED:
                continue
            before = self.all[n - 1] if n else ("", box)
            if before[0] in "□☐" and char == "√":  # ticked beside the box
                found.append((box, before[1]))
                continue
            after = self.all[n + 1][1] if n + 1 < len(self.all) else box
            right = box[0] + 8.5
            if box[0] < after[0] < right + 1 and after[1] < box[3]:
                right = after[0] - 1
            side = max(right - box[0], 6.0)
            middle = (box[1] + box[3]) / 2
            found.append((box, (box[0], middle - side / 2, box[0] + side, middle + side / 2)))
        return found

    def figures(self) -> list[Box]:
        """The boxes of numbers of at least three characters."""
        found: list[Box] = []
        run: list[Box] = []
        for char, box in [*self.all, ("", (0.0, 0.0, 0.0, 0.0))]:
            if char and char in DIGITS + ".":
                run.append(box)
                continue
            if len(run) >= 3:
                found.append((run[0][0], min(b[1] for b in run), run[-1][2], run[0][3]))
            run = []
        return found


def _curve(pixels: Any, points: Sequence[tuple[float, float]], colour: Any, width: float) -> None:
    """A pen stroke along a Bézier curve through four points, thinner towards its end."""
    import cv2
    import numpy as np

    (ax, ay), (bx, by), (cx, cy), (dx, dy) = points
    last = None
    for t in np.linspace(0, 1, 24):
        u = 1 - t
        x = u**3 * ax + 3 * u * u * t * bx + 3 * u * t * t * cx + t**3 * dx
        y = u**3 * ay + 3 * u * u * t * by + 3 * u * t * t * cy + t**3 * dy
        here = (round(x * 16), round(y * 16))
        if last is not None:
            thick = max(round(width * (1.1 - 0.4 * t)), 1)
            cv2.line(pixels, last, here, colour, thick, cv2.LINE_AA, 4)
        last = here


def _pen(pixels: Any, letters: _Letters, how: str, k: float, chance: random.Random) -> None:
    """Ticked boxes as printed empty ones with strokes of a pen."""
    import cv2

    colour = chance.choice((BLUE, BLACK, RED))
    for printed, (x0, top, x1, bottom) in letters.ticked():
        for x_0, top_, x_1, bottom_ in (printed, (x0, top, x1, bottom)):
            one = (round((x_0 - 0.4) * k), round((top_ - 0.4) * k))
            two = (round((x_1 + 0.4) * k), round((bottom_ + 0.4) * k))
            cv2.rectangle(pixels, one, two, (255, 255, 255), -1)
        side = max(x1 - x0, bottom - top) * k
        x, y = x0 * k, (top + bottom) / 2 * k - side / 2
        corner, other = (round(x), round(y)), (round(x + side), round(y + side))
        cv2.rectangle(pixels, corner, other, (20, 20, 20), max(round(0.055 * side), 1))
        width = chance.uniform(0.9, 1.6) * k

        def at(u: float, v: float, x: float = x, y: float = y, side: float = side) -> Any:
            loose = 0.07 * side
            return (
                x + u * side + chance.uniform(-loose, loose),
                y + v * side + chance.uniform(-loose, loose),
            )

        if how == "cross":
            _curve(pixels, [at(0.1, 0.1), at(0.4, 0.3), at(0.6, 0.7), at(0.9, 0.9)], colour, width)
            _curve(pixels, [at(0.9, 0.1), at(0.6, 0.4), at(0.4, 0.6), at(0.1, 0.9)], colour, width)
        elif how == "fill":
            for row in range(6):
                v = 0.15 + 0.14 * row
                _curve(pixels, [at(0.1, v), at(0.4, v), at(0.6, v), at(0.9, v)], colour, width)
        else:
            far = 1.5 if how == "beyond" else 0.95
            up = -0.55 if how == "beyond" else 0.1
            _curve(pixels, [at(0.1, 0.5), at(0.2, 0.6), at(0.3, 0.8), at(0.4, 0.9)], colour, width)
            _curve(pixels, [at(0.4, 0.9), at(0.5, 0.6), at(0.7, 0.3), at(far, up)], colour, width)


def _seal(pixels: Any, letters: _Letters, k: float, chance: random.Random) -> None:
    """A round red seal with a star, its rim or its middle over a figure."""
    import cv2
    import numpy as np

    figures = letters.figures()
    height, width = pixels.shape[:2]
    if figures:
        x0, top, x1, bottom = chance.choice(figures)
        x, y = (x0 + x1) / 2 * k, (top + bottom) / 2 * k
        if chance.random() < 0.7:
            x += 57 * k * chance.choice((-1, 1))
    else:
        x, y = 0.6 * width, 0.5 * height
    layer = np.full(pixels.shape, 255, np.float32)
    middle = (int(x), int(y))
    cv2.circle(layer, middle, int(58 * k), RED, max(int(3 * k), 1), cv2.LINE_AA)
    angles = np.arange(10) * np.pi / 5
    reach = np.where(np.arange(10) % 2, 8, 20) * k
    star = np.stack([x + reach * np.sin(angles), y - reach * np.cos(angles)], 1)
    cv2.fillPoly(layer, [star.astype(int)], RED, cv2.LINE_AA)
    for n in range(12):  # characters round the rim
        a = np.pi * (0.75 + 1.5 * n / 11)
        cx, cy = x + 44 * k * np.cos(a), y + 44 * k * np.sin(a)
        for dx, dy in ((-4, -3), (-4, 0), (-4, 3)):
            one = (int(cx + dx * k), int(cy + dy * k))
            two = (int(cx - dx * k), int(cy + dy * k))
            cv2.line(layer, one, two, RED, max(int(1.2 * k), 1), cv2.LINE_AA)
    worn = np.random.default_rng(chance.randrange(1 << 30)).uniform(0.75, 1.0, (height, width, 1))
    np.multiply(pixels, 1 - (1 - layer / 255) * worn, out=pixels)


def _fold(pixels: Any, folds: int, chance: random.Random) -> None:
    import numpy as np

    height, width = pixels.shape[:2]
    rows = np.arange(height)[:, None]
    columns = np.arange(width)[None, :]
    for n in range(folds):
        at = (n + 1) / (folds + 1) * height * chance.uniform(0.95, 1.05)
        distance = np.abs(rows + chance.uniform(-0.01, 0.01) * columns - at)
        dark = 1 - 0.35 * np.exp(-distance / (0.004 * height))
        np.multiply(pixels, dark[:, :, None], out=pixels)


def _shade(pixels: Any, shade: float, chance: random.Random) -> None:
    import numpy as np

    height, width = pixels.shape[:2]
    across = np.linspace(0, 1, width)[None, :]
    down = np.linspace(0, 1, height)[:, None]
    if chance.random() < 0.5:
        across = 1 - across
    np.multiply(pixels, (1 - shade * (across + down) / 2)[:, :, None], out=pixels)
