"""Pictures of one paper's pages (申报表-1.jpg, 申报表-2.jpg …) → one file of that many pages.

Which pictures belong together, their names say: they differ in one number only. The file made of
them is a PDF that holds the JPEG files as they are, so that the screen shows what was handed in.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from extractor.readers.opening import LIMITS, ReadError, problem
from extractor.readers.zips import SourceFile
from models.wording import say
from models.writing.numerals import spell

ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp")
ASSUMED_DPI = 150
_NUMBER = r"(?P<n>\d{1,17}|[一二三四五六七八九十百]{1,5})"
_NUMBERED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<before>.*?)[\s_\-—.]*第\s*{_NUMBER}\s*[页张面](?P<after>.*)",
        rf"(?P<before>.*?)[\s_\-—.]*[（(\[【]\s*{_NUMBER}\s*[)）\]】](?P<after>)",
        r"(?P<before>.*?)[\s_\-—.]*(?:[pP]|page)?(?P<n>\d{1,17})[页]?(?P<after>)",
        r"(?P<after>)(?P<n>\d{1,3})[\s_\-—.、]+(?P<before>.*)",
    )
)


def gathered(files: Sequence[SourceFile]) -> list[SourceFile]:
    """The files of one folder, its numbered pictures together, where the first of them stood.

    A set has at least two pictures whose names differ in their number only; its pages come in
    the order of the numbers.
    """
    sets: dict[tuple[str, str], dict[int, SourceFile]] = {}
    keys: dict[str, tuple[str, str]] = {}
    for file in files:
        told = _numbered(file.name)
        if told is not None and told[1] not in sets.setdefault(told[0], {}):
            sets[told[0]][told[1]] = file
            keys[file.name] = told[0]
    out: list[SourceFile] = []
    done: set[tuple[str, str]] = set()
    for file in files:
        key = keys.get(file.name)
        if key is None or len(sets[key]) < 2:
            out.append(file)
        elif key not in done:
            done.add(key)
            pages = tuple(page for _, page in sorted(sets[key].items()))
            out.append(SourceFile(_name(key, len(pages)), pages[0].path, None, pages))
    return out


def _numbered(name: str) -> tuple[tuple[str, str], int] | None:
    """What is the same for all pictures of a set, and this one's number."""
    stem, ending = os.path.splitext(os.path.basename(name))
    if ending.lower() not in ENDINGS:
        return None
    folder = name[: len(name) - len(stem) - len(ending)]
    for pattern in _NUMBERED:
        found = pattern.fullmatch(stem.strip())
        if found is None:
            continue
        number = found["n"]
        value = int(number) if number.isdecimal() else _spelt().get(number)
        if value is not None:
            return (folder, (found["before"] + found["after"]).strip(" _-—.")), value
    return None


@lru_cache(maxsize=1)
def _spelt() -> dict[str, int]:
    return {spell(n).removeprefix("一" if 10 <= n < 20 else ""): n for n in range(1, 100)}


def _name(key: tuple[str, str], pages: int) -> str:
    folder, common = key
    return f"{folder}{common or '图片'}（{pages}张图片）.pdf"


# ------------------------------------------------------------------ one file of them


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One picture as a PDF holds it."""

    data: bytes
    filter: str
    grey: bool
    size: tuple[int, int]
    dpi: float
    turn: int
    """Degrees clockwise that it is to be shown turned by."""


def assemble(
    file: SourceFile, room: Path, unpack: Callable[[SourceFile, Path], Path], target: Path
) -> Path:
    """Writes a set's pictures as the pages of a PDF, the same bytes each time; returns the
    path. Raises ReadError where one of them is no picture."""
    sheets: list[_Sheet] = []
    for part in file.parts:
        try:
            sheets += _sheets(unpack(part, room))
        except ReadError:
            raise
        except Exception as error:
            why = say("the picture {name} is damaged and cannot be opened", name=part.name)
            raise ReadError(problem("file.damaged", why)) from error
    target.write_bytes(_pdf(sheets))
    return target


def _sheets(path: Path) -> list[_Sheet]:
    from PIL import Image, ImageSequence

    Image.MAX_IMAGE_PIXELS = LIMITS.pixels
    with Image.open(path) as image:
        if image.format in ("JPEG", "MPO") and image.mode in ("RGB", "L"):
            turn = {3: 180, 6: 90, 8: 270}.get(image.getexif().get(0x0112, 1), 0)
            image.load()  # a picture that breaks off is no page
            return [
                _Sheet(path.read_bytes(), "DCTDecode", image.mode == "L", image.size,
                       _dpi(image), turn)
            ]  # fmt: skip
        return [_lossless(frame) for frame in ImageSequence.Iterator(image)]


def _lossless(frame: Any) -> _Sheet:
    from PIL import Image, ImageOps

    dpi = _dpi(frame)
    frame = ImageOps.exif_transpose(frame)
    if "A" in frame.getbands() or "transparency" in frame.info:
        frame = frame.convert("RGBA")
        frame = Image.alpha_composite(Image.new("RGBA", frame.size, "white"), frame)
    frame = frame.convert("L" if frame.mode in ("1", "L") else "RGB")
    data = zlib.compress(frame.tobytes(), 6)
    return _Sheet(data, "FlateDecode", frame.mode == "L", frame.size, dpi, 0)


def _dpi(image: Any) -> float:
    try:
        told = float(image.info["dpi"][0])
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError):
        return ASSUMED_DPI
    return told if 50 <= told <= 2400 else ASSUMED_DPI


def _pdf(sheets: Sequence[_Sheet]) -> bytes:
    parts = [b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"]
    starts: list[int] = []

    def put(head: str, stream: bytes | None = None) -> None:
        starts.append(sum(map(len, parts)))
        body = head.encode()
        if stream is not None:
            body += b"\nstream\n" + stream + b"\nendstream"
        parts.append(b"%d 0 obj\n" % len(starts) + body + b"\nendobj\n")

    pages = " ".join(f"{3 * n + 3} 0 R" for n in range(len(sheets)))
    put("<< /Type /Catalog /Pages 2 0 R >>")
    put(f"<< /Type /Pages /Kids [{pages}] /Count {len(sheets)} >>")
    for n, sheet in enumerate(sheets):
        width, height = (round(side * 72 / sheet.dpi, 2) for side in sheet.size)
        put(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Rotate {sheet.turn} "
            f"/Resources << /XObject << /I {3 * n + 5} 0 R >> >> /Contents {3 * n + 4} 0 R >>"
        )
        drawing = f"q {width} 0 0 {height} 0 0 cm /I Do Q".encode()
        put(f"<< /Length {len(drawing)} >>", drawing)
        colours = "DeviceGray" if sheet.grey else "DeviceRGB"
        put(
            f"<< /Type /XObject /Subtype /Image /Width {sheet.size[0]} /Height {sheet.size[1]} "
            f"/ColorSpace /{colours} /BitsPerComponent 8 /Filter /{sheet.filter} "
            f"/Length {len(sheet.data)} >>",
            sheet.data,
        )
    at = sum(map(len, parts))
    rows = "".join(f"{start:010d} 00000 n \n" for start in starts)
    tail = f"trailer\n<< /Size {len(starts) + 1} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n"
    head = f"xref\n0 {len(starts) + 1}\n0000000000 65535 f \n"
    return b"".join(parts) + (head + rows + tail).encode()
